import { createPrivateKey, createPublicKey, generateKeyPairSync, hkdfSync, randomBytes } from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import { ExpectedError } from '../expected-error.js';
import { writeAtomically } from './atomic-file.js';

/** Keys are PKCS#8 DER in base64. */
export interface Secrets {
  /** Every database password is derived from it. */
  readonly databaseSecret: string;
  /** Every service's own signing key is derived from it. */
  readonly serviceKeySeed: string;
  /** RSA, signs access tokens. */
  readonly accessTokenKey: string;
  /** Ed25519, signs the codes on tickets. */
  readonly ticketSigningKey: string;
  /** 32 bytes in base64: encrypts the secrets of second factors. */
  readonly accountSecretsKey: string;
  readonly checkoutLinkSecret: string;
  /** The simulator's. */
  readonly stripeSecretKey: string;
  readonly stripeWebhookSecret: string;
}

const random = () => randomBytes(32).toString('base64url');
const der = { type: 'pkcs8', format: 'der' } as const;

const generators: { [Name in keyof Secrets]: () => string } = {
  databaseSecret: random,
  serviceKeySeed: random,
  accessTokenKey: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export(der).toString('base64'),
  ticketSigningKey: () => generateKeyPairSync('ed25519').privateKey.export(der).toString('base64'),
  accountSecretsKey: () => randomBytes(32).toString('base64'),
  checkoutLinkSecret: random,
  stripeSecretKey: () => `sk_test_${random()}`,
  stripeWebhookSecret: () => `whsec_${random()}`,
};

/**
 * Made once per data directory, and kept: tickets and links that were handed out stay valid.
 * @param given secrets of the user's own; they win and are not written down
 * @throws ExpectedError when the file is there but cannot be read (making new ones would lock us out of the database)
 */
export function loadSecrets(path: string, given: Partial<Record<keyof Secrets, string | undefined>> = {}): Secrets {
  const kept = read(path);
  const missing = (Object.keys(generators) as (keyof Secrets)[]).filter((name) => !kept[name]);
  const all = { ...kept, ...Object.fromEntries(missing.map((name) => [name, generators[name]()])) } as Secrets;
  if (missing.length > 0) writeAtomically(path, `${JSON.stringify(all, null, 2)}\n`);
  chmodSync(path, 0o600);
  return { ...all, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

function read(path: string): Partial<Secrets> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Partial<Secrets>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ExpectedError(
      `${path} cannot be read (${(error as Error).message}). It holds the database's password: bring it back, or start with a fresh DATA_DIR.`,
    );
  }
}

const derive = (secret: string, purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));

export const databasePassword = (secrets: Secrets, role: string) =>
  derive(secrets.databaseSecret, `database role ${role}`).toString('base64url');

/** RFC 8410: what comes before the 32 bytes of an Ed25519 private key in PKCS#8 DER. */
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A service's own Ed25519 key pair, in base64 DER (PKCS#8 and SPKI). */
export function serviceKeys(secrets: Secrets, service: string): { privateKey: string; publicKey: string } {
  const privateDer = Buffer.concat([ED25519_PKCS8, derive(secrets.serviceKeySeed, `service ${service}`)]);
  const publicKey = createPublicKey(createPrivateKey({ key: privateDer, ...der }));
  return {
    privateKey: privateDer.toString('base64'),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  };
}
