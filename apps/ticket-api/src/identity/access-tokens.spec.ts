import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { User } from '@app/contracts';
import { calculateJwkThumbprint, createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { AccessTokens } from './access-tokens.js';

const der = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
const user: User = {
  id: '0197a000-0000-7000-8000-000000000001',
  email: 'ada@example.org',
  name: 'Ada',
  roles: ['buyer'],
  emailVerified: true,
  secondFactor: false,
};

describe('access tokens', () => {
  it('say who, in which session, for whom and for how long, and check against the published keys', async () => {
    const tokens = await AccessTokens.from(der(2048), 'https://tickets.example');
    const token = await tokens.sign(user, 'session-1');
    const { payload } = await jwtVerify(token, createLocalJWKSet(tokens.keySet), {
      issuer: 'https://tickets.example',
      audience: 'ticketing',
      typ: 'at+jwt',
      algorithms: ['RS256'],
    });
    expect(payload).toMatchObject({
      sub: user.id,
      sid: 'session-1',
      email: user.email,
      name: 'Ada',
      email_verified: true,
    });
    expect(payload.exp! - payload.iat!).toBeLessThanOrEqual(600);
  });

  it('name their key by its RFC 7638 thumbprint; the published key has no private part', async () => {
    const tokens = await AccessTokens.from(der(2048), 'https://tickets.example');
    const [key] = tokens.keySet.keys;
    expect(key?.kid).toBe(await calculateJwkThumbprint(key!));
    expect(decodeProtectedHeader(await tokens.sign(user, 's')).kid).toBe(key?.kid);
    expect(Object.keys(key!).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it('a key that is too small, or of another kind, is refused', async () => {
    await expect(AccessTokens.from(der(1024), 'https://tickets.example')).rejects.toThrow('2048');
    const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });
    await expect(AccessTokens.from(ed25519.toString('base64'), 'https://tickets.example')).rejects.toThrow('RSA');
    await expect(AccessTokens.from('bm8ga2V5', 'https://tickets.example')).rejects.toThrow(
      'ACCESS_TOKEN_KEY is not an RSA private key of at least 2048 bits (PKCS#8 DER in base64).',
    );
  });
});
