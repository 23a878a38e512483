import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databasePassword, loadSecrets, serviceKeys } from './secrets.js';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'standalone-secrets-'));
  file = join(folder, 'secrets.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const keyOf = (base64: string) =>
  createPrivateKey({ key: Buffer.from(base64, 'base64'), type: 'pkcs8', format: 'der' });

describe('secrets', () => {
  it('are made once, kept, and readable by their owner alone', () => {
    const first = loadSecrets(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o644);
    expect(loadSecrets(file)).toEqual(first);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(keyOf(first.accessTokenKey).asymmetricKeyType).toBe('rsa');
    expect(keyOf(first.ticketSigningKey).asymmetricKeyType).toBe('ed25519');
  });

  it('differ between data directories', () => {
    const one = Object.values(loadSecrets(file));
    const two = Object.values(loadSecrets(join(folder, 'others.json')));
    expect(new Set([...one, ...two]).size).toBe(one.length + two.length);
  });

  it("of the user's own win and are not written down", () => {
    const given = 'a secret of my own, long enough';
    expect(loadSecrets(file, { checkoutLinkSecret: given }).checkoutLinkSecret).toBe(given);
    expect(readFileSync(file, 'utf8')).not.toContain(given);
    expect(loadSecrets(file).checkoutLinkSecret).not.toBe(given);
  });

  it('that a newer version needs are added to the old ones', () => {
    const first = loadSecrets(file);
    writeFileSync(file, JSON.stringify({ ...first, stripeSecretKey: undefined }));
    const second = loadSecrets(file);
    expect(second).toEqual({ ...first, stripeSecretKey: expect.stringMatching(/^sk_test_/) });
  });

  it('that cannot be read are not replaced, for the database would be locked for good', () => {
    writeFileSync(file, '{"databaseSecret": "tr');
    expect(() => loadSecrets(file)).toThrow(/cannot be read/);
    expect(readFileSync(file, 'utf8')).toBe('{"databaseSecret": "tr');
  });

  it('give every service a signing key of its own, the same each time', () => {
    const secrets = loadSecrets(file);
    const gateway = serviceKeys(secrets, 'api-gateway');
    expect(serviceKeys(secrets, 'api-gateway')).toEqual(gateway);
    expect(serviceKeys(secrets, 'ticket-api').privateKey).not.toBe(gateway.privateKey);
    const signature = sign(null, Buffer.from('who I am'), keyOf(gateway.privateKey));
    const publicKey = createPublicKey({ key: Buffer.from(gateway.publicKey, 'base64'), type: 'spki', format: 'der' });
    expect(verify(null, Buffer.from('who I am'), publicKey, signature)).toBe(true);
  });

  it('give every database role a password of its own', () => {
    const secrets = loadSecrets(file);
    expect(databasePassword(secrets, 'a')).not.toBe(databasePassword(secrets, 'b'));
    expect(databasePassword(secrets, 'a')).toBe(databasePassword(secrets, 'a'));
  });
});
