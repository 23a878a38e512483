import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { IssuerKeys } from './issuer-keys.js';

const header = { alg: 'RS256', kid: 'one' };
let server: Server;
let at: string;
let jwk: JWK;
let asked: string[];
let answers: Record<string, RequestListener>;
const json =
  (body: unknown): RequestListener =>
  (_, answer) =>
    answer.end(JSON.stringify(body));

beforeAll(async () => {
  const { publicKey } = await generateKeyPair('RS256');
  jwk = { ...(await exportJWK(publicKey)), kid: 'one' };
  server = createServer((request, answer) => {
    asked.push(request.url ?? '');
    const known = answers[request.url ?? ''];
    if (known) known(request, answer);
    else answer.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  answers = { '/keys': json({ keys: [jwk] }) };
});
const keys = () => new IssuerKeys({ issuer: at, jwksUri: `${at}/keys` });
const discovery = '/.well-known/openid-configuration';

describe('keys of an issuer', () => {
  it('are asked for once, however many tokens name unknown ones', async () => {
    const found = keys();
    await found.find(header);
    const unknown = () => found.find({ ...header, kid: 'two' }).catch(() => 'none');
    expect(await Promise.all(Array.from({ length: 20 }, unknown))).toEqual(Array(20).fill('none'));
    expect(asked).toEqual(['/keys']);
  });

  it('are found by the discovery document, if it is the issuer’s own', async () => {
    const found = new IssuerKeys({ issuer: at, jwksUri: undefined });
    answers[discovery] = json({ issuer: at, jwks_uri: `${at}/keys` });
    expect(await found.find(header)).toBeDefined();
    answers[discovery] = json({ issuer: `${at}/other`, jwks_uri: `${at}/keys` });
    const other = new IssuerKeys({ issuer: at, jwksUri: undefined }).find(header);
    await expect(other).rejects.toMatchObject({ code: 'service-unavailable' });
  });

  it('are not taken from where the discovery document sends us in the clear, or into itself', async () => {
    const inTheClear = `${at.replace('127.0.0.1', '0.0.0.0')}/keys`;
    for (const unsafe of [inTheClear, `data:application/json,${JSON.stringify({ keys: [jwk] })}`]) {
      answers[discovery] = json({ issuer: at, jwks_uri: unsafe });
      const found = new IssuerKeys({ issuer: at, jwksUri: undefined }).find(header);
      await expect(found).rejects.toMatchObject({ code: 'service-unavailable' });
    }
    expect(asked).toEqual([discovery, discovery]);
  });

  it.each<[string, RequestListener]>([
    ['a redirection', (_, answer) => answer.writeHead(302, { location: '/elsewhere' }).end()],
    ['more than 256 KiB', (_, answer) => answer.end(JSON.stringify({ keys: [jwk], more: 'x'.repeat(300_000) }))],
    ['another status', (_, answer) => answer.writeHead(500).end(JSON.stringify({ keys: [jwk] }))],
    ['no JSON', (_, answer) => answer.end('<html>')],
    ['an answer that never comes', () => undefined],
  ])('are not taken from %s', async (_, answer) => {
    answers['/keys'] = answer;
    answers['/elsewhere'] = json({ keys: [jwk] });
    await expect(keys().find(header)).rejects.toMatchObject({ code: 'service-unavailable' });
    expect(asked).toEqual(['/keys']);
  });

  it('for encryption and shared secrets among them sign nothing', async () => {
    const secret = { kty: 'oct', kid: 'two', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA', alg: 'HS256' };
    answers['/keys'] = json({ keys: [{ ...jwk, use: 'enc' }, secret] });
    const found = keys();
    await expect(found.find(header)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    await expect(found.find({ alg: 'HS256', kid: 'two' })).rejects.toThrow();
  });
});
