import { SealedSecrets } from '../sealed-secrets.js';

/**
 * Hides a new key in the answer that is recorded for its `Idempotency-Key`, so that the same request gets the same answer
 * again, and nobody who reads the database has a key. Records are forgotten after two days.
 */
export class SealedKeys {
  private readonly secrets: SealedSecrets;

  /** @param accountSecretsKey of the configuration */
  constructor(accountSecretsKey: string) {
    this.secrets = new SealedSecrets(accountSecretsKey, 'recorded api keys');
  }

  seal(id: string, key: string): string {
    return this.secrets.seal(Buffer.from(key), id).toString('base64url');
  }

  /** The key; undefined when it was sealed under another secret: that was exchanged meanwhile. */
  open(id: string, sealed: string): string | undefined {
    try {
      return this.secrets.open(Buffer.from(sealed, 'base64url'), id).toString();
    } catch {
      return undefined;
    }
  }
}
