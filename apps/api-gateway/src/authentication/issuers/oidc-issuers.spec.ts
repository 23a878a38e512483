import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../config.js';

const good = { issuer: 'https://login.example/realms/guests', clientId: 'web' };
const read = (value: unknown) => () =>
  readConfig({ OIDC_ISSUERS: typeof value === 'string' ? value : JSON.stringify(value) });

describe('OIDC_ISSUERS', () => {
  it.each<[string, unknown]>([
    ['what is not JSON', 'https://login.example'],
    ['what is no list', good],
    ['an issuer over http', [{ ...good, issuer: 'http://login.example' }]],
    ['a host that only begins as this machine', [{ ...good, issuer: 'http://127.0.0.1.evil.example' }]],
    ['keys over http', [{ ...good, jwksUri: 'http://login.example/keys' }]],
    ['an address with a password', [{ ...good, issuer: 'https://a:b@login.example' }]],
    ['neither audience nor client', [{ issuer: good.issuer }]],
    ['an empty list of clients', [{ ...good, clientId: [] }]],
    ['ID tokens of any client', [{ issuer: good.issuer, audience: 'x', tokenUse: 'id' }]],
    ['a shared secret', [{ ...good, algorithms: ['HS256'] }]],
    ['no algorithm', [{ ...good, algorithms: 'none' }]],
    ['a field that it does not know', [{ ...good, audiences: 'x' }]],
    ['an issuer twice', [good, { ...good, clientId: 'app' }]],
  ])('refuses %s', (_, value) => expect(read(value)).toThrow('OIDC_ISSUERS is not a list of OIDC issuers'));

  it('tells what is wrong where, and no value', () => {
    expect(read([good, { ...good, issuer: 'http://secret.example' }])).toThrow(
      '1.issuer: is not an https address (http only of this machine)',
    );
    expect(read([{ ...good, issuer: 'http://secret.example' }])).not.toThrow('secret');
    expect(read([{ ...good, clientSecret: 'secret-looking' }])).toThrow('0: clientSecret is not known');
  });

  it.each([
    ['one', 'HS256'],
    ['a list', ['RS256', 'HS256']],
  ])('names the algorithms that would fit instead of %s', (_, algorithms) => {
    expect(read([{ ...good, algorithms }])).toThrow(/ 0\.algorithms\S*: is not one of RS256, .*, EdDSA\.$/);
  });

  it('takes issuers over https, and over http of this machine', () =>
    expect(read([good, { issuer: 'http://127.0.0.1:9/realms/x', audience: ['a', 'b'] }])).not.toThrow('OIDC_ISSUERS'));
});
