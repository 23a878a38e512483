import { randomInt } from 'node:crypto';
import { hashOf } from '../secret-token.js';

/** Crockford's base32: nothing that is mistaken for another when it is copied from paper. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';
const HOW_MANY = 10;

/** Ten codes of 80 bits (OWASP ASVS 5.0, 6.5.3), in groups of four letters. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: HOW_MANY }, () => [group(), group(), group(), group()].join('-'));

const group = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');

/** What is kept of a code; the same however it is typed. */
export const recoveryCodeHash = (userId: string, code: string): Buffer =>
  hashOf(`${userId}\n${code.toLowerCase().replace(/[\s-]/g, '')}`);
