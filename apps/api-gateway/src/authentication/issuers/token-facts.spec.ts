import { describe, expect, it } from '@jest/globals';
import type { JWTPayload } from 'jose';
import type { OidcIssuer } from './oidc-issuers.js';
import { factsOf, useOf } from './token-facts.js';

const issuer: OidcIssuer = {
  ...{ issuer: 'https://login.example', audience: undefined, clientId: ['web'], tokenUse: ['access'] },
  ...{ algorithms: ['RS256'], subjectClaim: 'sub', jwksUri: undefined, trustEmail: true },
};
const claims = { sub: 'grete', iat: 1, exp: 2, jti: 'a', email: 'G@Example.org', email_verified: true };

describe('what a token is for', () => {
  it.each<[string | undefined, JWTPayload, string | undefined]>([
    ['at+jwt', {}, 'access'],
    ['application/AT+JWT', {}, 'access'],
    ['JWT', { typ: 'Bearer' }, 'access'],
    ['JWT', { typ: 'ID' }, 'id'],
    [undefined, { token_use: 'access' }, 'access'],
    [undefined, { token_use: 'id' }, 'id'],
    ['JWT', {}, 'id'],
    ['JWT', { typ: 'Refresh' }, undefined],
    ['JWT', { typ: 'toString' }, undefined],
    ['logout+jwt', {}, undefined],
    ['dpop+jwt', { typ: 'Bearer' }, undefined],
    ['at+jwt', { token_use: 'id' }, undefined],
  ])('typ %s with %j: %s', (typ, payload, use) => {
    expect(useOf({ alg: 'RS256', ...(typ === undefined ? {} : { typ }) }, payload)).toBe(use);
  });
});

describe('what a token says of its person', () => {
  it('proves an e-mail by the word of an issuer that is trusted with it, and by nothing else', () => {
    expect(factsOf(issuer, claims)?.stated).toMatchObject({ email: 'g@example.org', emailVerified: true });
    expect(factsOf({ ...issuer, trustEmail: false }, claims)?.stated.emailVerified).toBe(false);
    for (const email_verified of [false, 'yes', 1, undefined])
      expect(factsOf(issuer, { ...claims, email_verified })?.stated.emailVerified).toBe(false);
  });

  it('is told without an e-mail or a name that does not fit', () => {
    const { stated } = factsOf(issuer, { ...claims, email: 'nobody', name: ' \u202e\u0000 ' })!;
    expect(stated).toEqual({
      ...{ issuer: issuer.issuer, subjectClaim: 'sub', subject: 'grete', emailVerified: false, issuedAt: 1 },
    });
    expect(factsOf(issuer, { ...claims, name: `\u202e${'x'.repeat(200)}` })?.stated.name).toBe('x'.repeat(100));
    expect(factsOf(issuer, { ...claims, name: `a${'😀'.repeat(60)}` })?.stated.name).toBe(`a${'😀'.repeat(49)}`);
    expect(factsOf(issuer, { ...claims, name: 'a\ud800b' })?.stated.name).toBe('ab');
  });

  it('makes one session of the tokens that the issuer says are of one', () => {
    const session = (over: object) => factsOf(issuer, { ...claims, ...over })?.sessionId;
    expect(session({ sid: 's', jti: 'b' })).toBe(session({ sid: 's', jti: 'c' }));
    expect(session({ jti: 'b' })).not.toBe(session({ jti: 'c' }));
    expect(session({ sid: 's' })).not.toBe(session({ sid: 's', sub: 'hans' }));
  });
});
