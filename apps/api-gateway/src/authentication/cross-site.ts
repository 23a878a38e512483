import { issueToken, refreshSession, signIn, signOut, signUp, type Operation } from '@app/contracts';
import type { FastifyRequest } from 'fastify';
import { isLocal } from './session-cookies.js';

const SAFE = new Set(['GET', 'HEAD']);
/** Calls that the session's cookies authenticate, though anyone may make them. */
const BY_COOKIE = new Set<string>([refreshSession.id, signOut.id]);
/** Calls that decide whose session a browser has. Who makes a stranger's browser sign in as himself reads what it does then. */
const OF_SESSIONS = new Set<string>([signUp.id, signIn.id, issueToken.id, ...BY_COOKIE]);

/** Whether this request counts because of a cookie, which a browser sends along whoever asked it to. */
export const writesByCookie = (operation: Operation, method: string, cookies: { access: boolean; any: boolean }) =>
  !SAFE.has(method) &&
  ((operation.access !== 'anyone' && cookies.access) || (BY_COOKIE.has(operation.id) && cookies.any));

/** Whether no other site's page may make this call, though it counts without a cookie and clients have no `Origin`. */
export const concernsSession = ({ id }: Operation) => OF_SESSIONS.has(id);

/**
 * Whether the page that made the request is ours: its `Origin` is that of PUBLIC_URL or of the request itself, or the
 * browser vouches by `Sec-Fetch-Site`. Absence of both says nothing, so it is no.
 */
export function isSameOrigin(request: FastifyRequest, publicUrl: string): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin === undefined) return site === 'same-origin';
  const given = normal(origin);
  return (
    given !== undefined && (given === normal(publicUrl) || given === normal(`${request.protocol}://${request.host}`))
  );
}

/** Whether the browser names a page that is not ours. What is no browser's names none. */
export function isForeign(request: FastifyRequest, publicUrl: string): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const isNamed = origin !== undefined || (site !== undefined && site !== 'none');
  return isNamed && !isSameOrigin(request, publicUrl);
}

/** Scheme, host and port, with every name of this machine as one. */
function normal(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, port } = new URL(address);
  return `${protocol}//${isLocal(hostname) ? 'localhost' : hostname}:${port}`;
}
