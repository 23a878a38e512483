import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

export interface ServiceKeyMaterial {
  /** Ed25519 private key of this service: PKCS#8 DER, base64. */
  signingKey: string;
  /** Service name → Ed25519 public key: SPKI DER, base64. */
  publicKeys: Record<string, string>;
}

/** This service's own key and everybody's public ones. No secret is shared, so none can forge another's word. */
export class ServiceKeys {
  readonly signingKey: KeyObject;
  private readonly publicKeys: ReadonlyMap<string, KeyObject>;

  /** @throws when a key is not Ed25519, or when `service`'s public key does not belong to its private one. */
  constructor(
    readonly service: string,
    { signingKey, publicKeys }: ServiceKeyMaterial,
  ) {
    this.signingKey = createPrivateKey({ key: Buffer.from(signingKey, 'base64'), format: 'der', type: 'pkcs8' });
    this.publicKeys = new Map(
      Object.entries(publicKeys).map(([name, key]) => [
        name,
        createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' }),
      ]),
    );
    for (const [name, key] of [[service, this.signingKey] as const, ...this.publicKeys])
      if (key.asymmetricKeyType !== 'ed25519') throw new Error(`The key of ${name} is not an Ed25519 key.`);
    const published = this.publicKeys.get(service);
    if (published && !published.equals(createPublicKey(this.signingKey)))
      throw new Error(`The public key of ${service} does not belong to its signing key.`);
  }

  publicKeyOf(service: string): KeyObject | undefined {
    return this.publicKeys.get(service);
  }
}
