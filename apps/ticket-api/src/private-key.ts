import { createPrivateKey, type KeyObject } from 'node:crypto';
import { ConfigurationError } from '@app/configuration';

/**
 * @param base64 PKCS#8 DER; @param kind what it must be, in words, and whether a key is that
 * @throws ConfigurationError naming `variable`
 */
export function readPrivateKey(
  variable: string,
  base64: string,
  kind: { name: string; includes: (key: KeyObject) => boolean },
): KeyObject {
  const key = parse(base64);
  if (key && kind.includes(key)) return key;
  throw new ConfigurationError(`${variable} is not ${kind.name} (PKCS#8 DER in base64).`);
}

function parse(base64: string): KeyObject | undefined {
  try {
    return createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}
