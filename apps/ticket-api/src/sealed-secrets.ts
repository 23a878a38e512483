import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
/** Told by the first byte, for the day when there is another form or key. */
const FORM = 1;
const IV = 12;
const TAG = 16;
const nameOf = (owner: string) => Buffer.from(owner);

/**
 * Keeps secrets in the database so that they cannot be read there, nor moved to another owner (AES-256-GCM). Each purpose has
 * a key of its own, derived (HKDF, RFC 5869) from the one of the configuration, which no database holds.
 */
export class SealedSecrets {
  private readonly key: Buffer;

  /** @param key 32 bytes in base64, @param purpose what is sealed */
  constructor(key: string, purpose: string) {
    this.key = Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64'), '', `ticketing: ${purpose}`, 32));
  }

  /** @param owner id of what the secret belongs to */
  seal(secret: Buffer, owner: string): Buffer {
    const iv = randomBytes(IV);
    const cipher = createCipheriv(CIPHER, this.key, iv).setAAD(nameOf(owner));
    const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
    return Buffer.concat([Buffer.of(FORM), iv, cipher.getAuthTag(), sealed]);
  }

  /** @throws when it was changed, or sealed for another owner or purpose or with another key. */
  open(sealed: Buffer, owner: string): Buffer {
    if (sealed[0] !== FORM) throw new Error('A sealed secret is in a form that this version does not know.');
    const decipher = createDecipheriv(CIPHER, this.key, sealed.subarray(1, 1 + IV), { authTagLength: TAG })
      .setAAD(nameOf(owner))
      .setAuthTag(sealed.subarray(1 + IV, 1 + IV + TAG));
    return Buffer.concat([decipher.update(sealed.subarray(1 + IV + TAG)), decipher.final()]);
  }
}
