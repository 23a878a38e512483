import { ProblemError } from '@app/problem-details';
import { commonPasswords } from './common-passwords.js';

/** Shorter names and e-mails are parts of too many words. */
const SHORTEST_PART = 4;

const plain = (text: string) => text.normalize('NFKC').toLowerCase();

/**
 * What is wrong with a password whose length is right; undefined when nothing is. Capitals do not make a common one rare.
 * OWASP ASVS 5.0: 6.2.4 (common passwords), 6.2.11 (words of the context); nothing else is asked of it (6.2.5).
 */
export function weaknessOf(password: string, person: { email: string; name: string }): string | undefined {
  const given = plain(password);
  if (commonPasswords.has(given)) return 'is one of the passwords that are tried first: choose another';
  const own = [person.email, person.email.split('@')[0]!, person.name].map((part) => plain(part.trim()));
  const isOwn = own.some((part) => part.length >= SHORTEST_PART && given.includes(part));
  return isOwn ? 'contains your e-mail or your name: choose another' : undefined;
}

/** @param path of the field @throws ProblemError `validation-failed` for a weak password */
export function refuseWeakPassword(path: string, password: string, person: { email: string; name: string }): void {
  const message = weaknessOf(password, person);
  if (message) throw new ProblemError('validation-failed', undefined, { errors: [{ path, message }] });
}
