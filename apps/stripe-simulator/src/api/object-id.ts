import { randomInt } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** What Stripe writes before an object's id, after which the object can be recognised. */
export type ObjectPrefix = 'ch' | 'cs_test' | 'du' | 'evt' | 'li' | 'pi' | 'price' | 'prod' | 're' | 'req' | 'txn';

/** A new id in Stripe's fashion: a prefix and random letters and digits, which cannot be guessed. */
export function objectId(prefix: ObjectPrefix): string {
  return `${prefix}_${randomText(prefix === 'cs_test' ? 58 : 24)}`;
}

/** Letters and digits, about 6 bits of chance each. */
export function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
