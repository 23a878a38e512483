import { createPrivateKey } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { appleAccount, googleAccount } from './tickets/testing/wallet-accounts.js';
import { walletConfig } from './wallets.js';

let apple: ReturnType<typeof appleAccount>;
let other: ReturnType<typeof appleAccount>;
beforeAll(() => {
  apple = appleAccount();
  other = appleAccount({ passTypeId: 'pass.example.other', teamId: 'OTHER' });
});
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('wallets', () => {
  it('are none unless configured', () => expect(walletConfig({})).toEqual({}));

  it('are taken as PEM, as one line of it and in base64', () => {
    for (const form of [
      (pem: string) => pem,
      (pem: string) => pem.replaceAll('\n', '\\n').replaceAll('\r', ''),
      base64,
    ]) {
      const read = walletConfig({
        ...apple,
        APPLE_PASS_CERTIFICATE: form(apple.APPLE_PASS_CERTIFICATE),
        APPLE_PASS_KEY: form(apple.APPLE_PASS_KEY),
        APPLE_WWDR_CERTIFICATE: form(apple.APPLE_WWDR_CERTIFICATE),
      });
      expect(read.apple).toMatchObject({ passTypeId: 'pass.example.tickets', teamId: 'TEAM123456' });
      expect(read.apple?.endsAt.getTime()).toBeGreaterThan(Date.now());
    }
  });

  it('take a key behind a passphrase, and refuse a wrong one', () => {
    const key = createPrivateKey(apple.APPLE_PASS_KEY);
    const sealed = key.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'open' }).toString();
    const given = { ...apple, APPLE_PASS_KEY: sealed };
    expect(walletConfig({ ...given, APPLE_PASS_KEY_PASSPHRASE: 'open' }).apple?.key).toContain('BEGIN RSA PRIVATE KEY');
    for (const passphrase of [{}, { APPLE_PASS_KEY_PASSPHRASE: 'wrong' }])
      expect(() => walletConfig({ ...given, ...passphrase })).toThrow(/APPLE_PASS_KEY has no RSA private key/);
  });

  it.each([
    ['by halves', () => ({ ...apple, APPLE_TEAM_ID: undefined }), /by halves: APPLE_TEAM_ID missing/],
    ['by a passphrase alone', () => ({ APPLE_PASS_KEY_PASSPHRASE: 'x' }), /APPLE_PASS_TYPE_ID, APPLE_TEAM_ID/],
    [
      'with the key of another',
      () => ({ ...apple, APPLE_PASS_KEY: other.APPLE_PASS_KEY }),
      /not the key of APPLE_PASS_CERTIFICATE/,
    ],
    [
      'with the authority of another',
      () => ({ ...apple, APPLE_WWDR_CERTIFICATE: other.APPLE_WWDR_CERTIFICATE }),
      /not issued by/,
    ],
    ['for another pass type', () => ({ ...apple, APPLE_PASS_TYPE_ID: 'pass.example.b' }), /another APPLE_PASS_TYPE_ID/],
    ['for another team', () => ({ ...apple, APPLE_TEAM_ID: 'B' }), /another APPLE_TEAM_ID/],
    [
      'with what is no certificate',
      () => ({ ...apple, APPLE_WWDR_CERTIFICATE: 'oops' }),
      /APPLE_WWDR_CERTIFICATE is not a certificate/,
    ],
    ['for Google by halves', () => ({ GOOGLE_WALLET_ISSUER_ID: '1' }), /GOOGLE_WALLET_SERVICE_ACCOUNT missing/],
    [
      'for Google with no key file',
      () => ({ GOOGLE_WALLET_ISSUER_ID: '1', GOOGLE_WALLET_SERVICE_ACCOUNT: '{}' }),
      /key file/,
    ],
  ])('configured %s are refused, and told why without a secret', (_, given, message) => {
    expect(() => walletConfig(given())).toThrow(message);
    expect(() => walletConfig(given())).not.toThrow(/PRIVATE|BEGIN/);
  });

  it("take a service account's key file as it is, and in base64", () => {
    const { environment } = googleAccount();
    const file = environment.GOOGLE_WALLET_SERVICE_ACCOUNT;
    for (const given of [file, base64(file)])
      expect(walletConfig({ ...environment, GOOGLE_WALLET_SERVICE_ACCOUNT: given }).google).toMatchObject({
        issuerId: '3388000000012345678',
        email: 'tickets@spec.iam.gserviceaccount.com',
      });
  });
});
