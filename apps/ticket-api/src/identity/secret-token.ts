import { createHash, randomBytes } from 'node:crypto';

/** A secret for its bearer and what we keep of it: nobody who reads the database can use it. */
export interface SecretToken {
  secret: string;
  hash: Buffer;
}

/** 256 random bits, so that a plain SHA-256 is enough. */
export function newSecretToken(): SecretToken {
  const secret = randomBytes(32).toString('base64url');
  return { secret, hash: hashOf(secret) };
}

export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();
