import { issueToken, refreshSession, signIn, signOut, signUp, type Operation } from '@app/contracts';
import type { FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
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

/** Which pages are ours: those of PUBLIC_URL, and of the origins that may use the API from elsewhere. */
type Own = Pick<GatewayConfig, 'publicUrl' | 'corsOrigins'>;

/**
 * Whether the page that made the request is ours: its `Origin` is that of PUBLIC_URL or of the request itself or on the
 * list of CORS_ORIGINS, or the browser vouches by `Sec-Fetch-Site`. Absence of both says nothing, so it is no.
 */
export function isSameOrigin(request: FastifyRequest, { publicUrl, corsOrigins }: Own): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin === undefined) return site === 'same-origin';
  if (corsOrigins.has(origin)) return true;
  // Browsers write an origin in one way (RFC 6454 §6.2): what comes in another, or twice, comes from something else.
  const given = URL.canParse(origin) && new URL(origin).origin === origin ? normal(origin) : undefined;
  return (
    given !== undefined && (given === normal(publicUrl) || given === normal(`${request.protocol}://${request.host}`))
  );
}

/** Whether the browser names a page that is not ours. What is no browser's names none. */
export function isForeign(request: FastifyRequest, own: Own): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const isNamed = origin !== undefined || (site !== undefined && site !== 'none');
  return isNamed && !isSameOrigin(request, own);
}

/** Scheme, host and port, with every name of this machine as one. */
function normal(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, port } = new URL(address);
  return `${protocol}//${isLocal(hostname) ? 'localhost' : hostname}:${port}`;
}
