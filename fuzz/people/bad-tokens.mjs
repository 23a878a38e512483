import { createHmac } from 'node:crypto';

const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const read = (text) => JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));

/**
 * Tokens that no door may take, made from a good one.
 * @param keySet what `/.well-known/jwks.json` tells
 * @returns by name, for an `Authorization` header
 */
export function badTokens(good, keySet) {
  const [head, payload, signature] = good.split('.');
  const header = read(head);
  const claims = read(payload);
  const forged = (change, claim = {}) => `${part({ ...header, ...change })}.${part({ ...claims, ...claim })}`;
  const hmac = (text, key) => `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  const swapped = forged({ alg: 'HS256' });
  const tokens = {
    'no signature, alg none': `${forged({ alg: 'none' })}.`,
    'alg nOnE': `${forged({ alg: 'nOnE' })}.${signature}`,
    'HS256 with the public key': hmac(swapped, JSON.stringify(keySet.keys[0])),
    'HS256 with the modulus': hmac(swapped, keySet.keys[0].n ?? 'n'),
    'another subject': `${part(header)}.${part({ ...claims, sub: '01980f2e-6d3a-7c41-9a5e-2f0b8c6d1e47' })}.${signature}`,
    'a later end': `${part(header)}.${part({ ...claims, exp: claims.exp + 86_400 })}.${signature}`,
    'a foreign kid': `${forged({ kid: '../../dev/null' })}.${signature}`,
    'a jku of its own': `${forged({ jku: 'http://127.0.0.1:9/jwks.json' })}.${signature}`,
    'a jwk of its own': `${forged({ jwk: keySet.keys[0] })}.${signature}`,
    'another type': `${forged({ typ: 'JWT' })}.${signature}`,
    'a cut signature': good.slice(0, -3),
    'no signature': `${head}.${payload}.`,
    'two parts': `${head}.${payload}`,
    'an empty payload': `${head}..${signature}`,
    'a payload that is no object': `${head}.${part('null')}.${signature}`,
    rubbish: 'rubbish',
    'a long one': 'x'.repeat(6_000),
    'inherited names': `${part({ ...header, kid: '__proto__' })}.${payload}.${signature}`,
  };
  return Object.fromEntries(Object.entries(tokens).map(([name, token]) => [name, `Bearer ${token}`]));
}

/** Well signed by the platform's own key, and still not for it. @param key ACCESS_TOKEN_KEY */
export async function outlivedTokens(key, good, issuer) {
  const { SignJWT, importPKCS8 } = await import('jose');
  const pem = `-----BEGIN ${'PRIVATE'} KEY-----\n${key}\n-----END ${'PRIVATE'} KEY-----`;
  const privateKey = await importPKCS8(pem, 'RS256');
  const [head, payload] = good.split('.').slice(0, 2).map(read);
  const sign = (claims, header = {}) =>
    new SignJWT({ ...payload, ...claims }).setProtectedHeader({ ...head, ...header }).sign(privateKey);
  const now = Math.floor(Date.now() / 1000);
  return Object.fromEntries(
    Object.entries({
      expired: await sign({ iat: now - 1200, exp: now - 600 }),
      'not yet valid': await sign({ nbf: now + 3600 }),
      'for another audience': await sign({ aud: 'elsewhere' }),
      'of another issuer': await sign({ iss: `${issuer}.example` }),
      'no audience': await sign({ aud: undefined }),
      'no end': await sign({ exp: undefined }),
      'no access token': await sign({}, { typ: 'JWT' }),
    }).map(([name, token]) => [name, `Bearer ${token}`]),
  );
}
