import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What every key begins with, so that people, scanners of repositories and we know one when we see it. */
export const API_KEY_PREFIX = 'tk_';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^32 is about 190 bits. */
const SECRET_LENGTH = 32;
const SUM_LENGTH = 6;
const SHAPE = new RegExp(`^${API_KEY_PREFIX}([0-9A-Za-z]{${SECRET_LENGTH}})([0-9A-Za-z]{${SUM_LENGTH}})$`);

/** A new key: prefix, 32 random characters, and the CRC-32 of those in base 62, as GitHub's tokens have it. */
export function newApiKey(): string {
  const secret = Array.from({ length: SECRET_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return API_KEY_PREFIX + secret + sumOf(secret);
}

/** Whether the text is a key that we may have made: its sum tells typing errors and most guesses without a look-up. */
export function isApiKeyText(text: string): boolean {
  const [, secret, sum] = SHAPE.exec(text) ?? [];
  return secret !== undefined && sum === sumOf(secret);
}

/**
 * SHA-256: all that is kept and looked up. A slow hash guards what people make up; of 190 random bits nobody tries a
 * noticeable part, and this one is asked for at every request.
 */
export const apiKeyHash = (key: string): Buffer => createHash('sha256').update(key).digest();

function sumOf(secret: string): string {
  let [rest, sum] = [crc32(secret), ''];
  for (let place = 0; place < SUM_LENGTH; place += 1) {
    sum = ALPHABET[rest % ALPHABET.length] + sum;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return sum;
}
