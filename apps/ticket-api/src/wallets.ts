import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { ConfigurationError } from '@app/configuration';
import { z } from 'zod';

/** What makes passes for Apple Wallet. Certificates and key are PEM. */
export interface AppleWallet {
  readonly passTypeId: string;
  readonly teamId: string;
  readonly certificate: string;
  readonly key: string;
  /** Apple's intermediate certificate, which phones look for in each pass. */
  readonly wwdr: string;
  /** From then on no phone takes what is signed with it. */
  readonly endsAt: Date;
}

/** What makes links for Google Wallet: the issuer's account there and the service account that signs for it. */
export interface GoogleWallet {
  readonly issuerId: string;
  readonly email: string;
  /** PKCS#8 PEM. */
  readonly key: string;
}

export interface Wallets {
  readonly apple?: AppleWallet;
  readonly google?: GoogleWallet;
}

const given = z.string().min(1).optional();
export const walletEnvironment = {
  APPLE_PASS_TYPE_ID: z.string().startsWith('pass.', 'does not begin with pass.').optional(),
  APPLE_TEAM_ID: given,
  APPLE_PASS_CERTIFICATE: given,
  APPLE_PASS_KEY: given,
  APPLE_PASS_KEY_PASSPHRASE: given,
  APPLE_WWDR_CERTIFICATE: given,
  GOOGLE_WALLET_ISSUER_ID: z.string().regex(/^\d+$/, 'is not the number of an issuer').optional(),
  GOOGLE_WALLET_SERVICE_ACCOUNT: given,
};
type Environment = z.infer<z.ZodObject<typeof walletEnvironment>>;

/** All variables of a wallet or none. @throws ConfigurationError naming those that are missing or do not belong together */
export function walletConfig(env: Environment): Wallets {
  const apple = appleWallet(env);
  const google = googleWallet(env);
  return { ...(apple && { apple }), ...(google && { google }) };
}

function appleWallet(env: Environment): AppleWallet | undefined {
  const { APPLE_PASS_TYPE_ID: passTypeId, APPLE_TEAM_ID: teamId, APPLE_PASS_KEY_PASSPHRASE: passphrase } = env;
  const { APPLE_PASS_CERTIFICATE: own, APPLE_PASS_KEY: secret, APPLE_WWDR_CERTIFICATE: apples } = env;
  const needed = { APPLE_PASS_TYPE_ID: passTypeId, APPLE_TEAM_ID: teamId, APPLE_PASS_CERTIFICATE: own };
  const all = { ...needed, APPLE_PASS_KEY: secret, APPLE_WWDR_CERTIFICATE: apples };
  if (!isWhole('Apple Wallet', all, { APPLE_PASS_KEY_PASSPHRASE: passphrase })) return undefined;
  const certificate = readCertificate('APPLE_PASS_CERTIFICATE', own ?? '');
  const wwdr = readCertificate('APPLE_WWDR_CERTIFICATE', apples ?? '');
  const key = readKey('APPLE_PASS_KEY', secret ?? '', passphrase);
  const subject = certificate.subject.split('\n');
  const faults = [
    !certificate.checkPrivateKey(key) && 'APPLE_PASS_KEY is not the key of APPLE_PASS_CERTIFICATE',
    !(certificate.checkIssued(wwdr) && certificate.verify(wwdr.publicKey)) &&
      'APPLE_PASS_CERTIFICATE was not issued by APPLE_WWDR_CERTIFICATE',
    !subject.includes(`UID=${passTypeId}`) && 'APPLE_PASS_CERTIFICATE is for another APPLE_PASS_TYPE_ID',
    !subject.includes(`OU=${teamId}`) && 'APPLE_PASS_CERTIFICATE is for another APPLE_TEAM_ID',
  ].filter((fault) => fault !== false);
  if (faults.length > 0) throw new ConfigurationError(`The environment does not fit: ${faults.join('; ')}.`);
  return {
    ...{ passTypeId: passTypeId ?? '', teamId: teamId ?? '' },
    ...{ certificate: certificate.toString(), wwdr: wwdr.toString() },
    // Without its passphrase: deriving the key from it takes the signing library longer than signing.
    key: key.export({ format: 'pem', type: 'pkcs1' }).toString(),
    endsAt: new Date(Math.min(Date.parse(certificate.validTo), Date.parse(wwdr.validTo))),
  };
}

const ServiceAccount = z.object({ client_email: z.email(), private_key: z.string() });

function googleWallet(env: Environment): GoogleWallet | undefined {
  const { GOOGLE_WALLET_ISSUER_ID: issuerId, GOOGLE_WALLET_SERVICE_ACCOUNT: account } = env;
  if (!isWhole('Google Wallet', { GOOGLE_WALLET_ISSUER_ID: issuerId, GOOGLE_WALLET_SERVICE_ACCOUNT: account }))
    return undefined;
  const text = (account ?? '').trimStart().startsWith('{')
    ? (account ?? '')
    : Buffer.from(account ?? '', 'base64').toString('utf8');
  const read = ServiceAccount.safeParse(jsonOf(text));
  if (!read.success)
    throw new ConfigurationError(
      "GOOGLE_WALLET_SERVICE_ACCOUNT is not a service account's key file (JSON, or that in base64).",
    );
  const key = readKey('GOOGLE_WALLET_SERVICE_ACCOUNT', read.data.private_key);
  return {
    issuerId: issuerId ?? '',
    email: read.data.client_email,
    key: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

/** @returns whether the wallet is configured. @throws when only a part of it is */
function isWhole(
  wallet: string,
  needed: Readonly<Record<string, string | undefined>>,
  more: Readonly<Record<string, string | undefined>> = {},
): boolean {
  const missing = Object.keys(needed).filter((name) => needed[name] === undefined);
  if (missing.length === 0) return true;
  const isMentioned = Object.values({ ...needed, ...more }).some((value) => value !== undefined);
  if (!isMentioned) return false;
  throw new ConfigurationError(`${wallet} is configured by halves: ${missing.join(', ')} missing. Give all or none.`);
}

/** PEM, or PEM or DER in base64, as one line. */
const bytesOf = (value: string): Buffer =>
  value.includes('-----BEGIN') ? Buffer.from(value.replaceAll('\\n', '\n')) : Buffer.from(value, 'base64');

function readCertificate(variable: string, value: string): X509Certificate {
  try {
    return new X509Certificate(bytesOf(value));
  } catch {
    throw new ConfigurationError(`${variable} is not a certificate (PEM, or that or DER in base64).`);
  }
}

/** @throws ConfigurationError also for a key that is not RSA, which neither wallet takes */
function readKey(variable: string, value: string, passphrase?: string): KeyObject {
  const bytes = bytesOf(value);
  const format = bytes.includes('-----BEGIN')
    ? { format: 'pem' as const }
    : { format: 'der' as const, type: 'pkcs8' as const };
  try {
    const key = createPrivateKey({ key: bytes, ...format, ...(passphrase === undefined ? {} : { passphrase }) });
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // Told below, without what was given.
  }
  throw new ConfigurationError(`${variable} has no RSA private key that can be read (PEM, or that or DER in base64).`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
