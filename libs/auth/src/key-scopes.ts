import type { Access, Scope } from '@app/contracts';
import { ProblemError } from '@app/problem-details';
import type { ApiKey } from './identity.js';

/**
 * The key, if it has every scope that the call asks for; null on a call for anyone, which it then makes as anyone does.
 * @throws ProblemError `forbidden` when no key may make the call (it has no scopes), or this one lacks a scope.
 */
export function requireScopes(key: ApiKey, access: Access, needed: readonly Scope[] | undefined): ApiKey | null {
  const missing = needed?.filter((scope) => !key.scopes.includes(scope));
  if (missing?.length === 0) return key;
  if (access === 'anyone') return null;
  if (!missing) throw new ProblemError('forbidden', 'An API key acts as its organization: this takes a person.');
  throw new ProblemError('forbidden', `The API key lacks the scope ${missing.join(', ')}.`);
}
