import { generateKeyPairSync } from 'node:crypto';
import type { ServiceKeyMaterial } from './service-keys.js';

/** New key material for these services: each its own private key, all of them everybody's public ones. */
export function generateServiceKeys<Name extends string>(names: readonly Name[]): Record<Name, ServiceKeyMaterial> {
  const pairs = names.map((name) => [name, generateKeyPairSync('ed25519')] as const);
  const publicKeys = Object.fromEntries(
    pairs.map(([name, { publicKey }]) => [name, publicKey.export({ type: 'spki', format: 'der' }).toString('base64')]),
  );
  const material = pairs.map(([name, { privateKey }]) => [
    name,
    { signingKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'), publicKeys },
  ]);
  return Object.fromEntries(material) as Record<Name, ServiceKeyMaterial>;
}
