import { createHash } from 'node:crypto';
import { Email, ResolveExternalIdentity } from '@app/contracts';
import { isUnstorable } from '@app/http';
import type { JWTHeaderParameters, JWTPayload } from 'jose';
import type { OidcIssuer } from './oidc-issuers.js';

/** What a verified token says of its person. */
export interface TokenFacts {
  stated: ResolveExternalIdentity;
  /** Of our UUID space, but never one of our sessions: those are of version 7, this is of version 8 (RFC 9562 §5.8). */
  sessionId: string;
  /** Milliseconds since the epoch. */
  until: number;
}

type TokenUse = OidcIssuer['tokenUse'][number];

/**
 * What a token is for: RFC 9068's `typ` header, Keycloak's `typ` claim or Cognito's `token_use` says so. A token that says
 * nothing of the kind is an ID token (OpenID Connect Core has no mark for them). Undefined for one that contradicts itself
 * and for any other kind: refresh, log-out and such like.
 */
export function useOf(header: JWTHeaderParameters, payload: JWTPayload): TokenUse | undefined {
  const says = [header.typ?.toLowerCase().replace(/^application\//, ''), payload['typ'], payload['token_use']];
  const uses = says.map((word, at) => (word === undefined ? undefined : (MARKS[at]?.get(word) ?? 'none')));
  const found = new Set(uses.filter((use) => use !== undefined && use !== 'any'));
  if (found.size > 1) return undefined;
  const [use = 'id'] = found;
  return use === 'none' ? undefined : (use as TokenUse);
}

const MARKS: readonly ReadonlyMap<unknown, TokenUse | 'any'>[] = [
  new Map<string, TokenUse | 'any'>([
    ['at+jwt', 'access'],
    ['jwt', 'any'],
  ]),
  new Map<string, TokenUse>([
    ['Bearer', 'access'],
    ['ID', 'id'],
  ]),
  new Map<string, TokenUse>([
    ['access', 'access'],
    ['id', 'id'],
  ]),
];

/**
 * Whether a token was made for us: for a configured audience and, by its issuer's word, for a configured client. `jwtVerify`
 * has checked signature, issuer and times.
 */
export function isForUs(issuer: OidcIssuer, header: JWTHeaderParameters, payload: JWTPayload): boolean {
  const use = useOf(header, payload);
  if (!use || !issuer.tokenUse.includes(use)) return false;
  const audience = [payload.aud ?? []].flat();
  if (issuer.audience && !audience.some((one) => issuer.audience!.includes(one))) return false;
  if (!issuer.clientId) return true;
  const named = [payload['azp'], payload['client_id']].filter((client) => client !== undefined);
  const clients = use === 'id' ? [...named, ...audience.slice(0, 1)] : named;
  if (use === 'id' && audience.length > 1 && payload['azp'] === undefined) return false;
  return clients.length > 0 && clients.every((client) => issuer.clientId!.includes(client as string));
}

/** @returns undefined when it names nobody. */
export function factsOf(issuer: OidcIssuer, payload: JWTPayload): TokenFacts | undefined {
  const believed = payload[issuer.subjectClaim];
  const [subjectClaim, subject] = believed === undefined ? ['sub', payload.sub] : [issuer.subjectClaim, believed];
  const email = Email.safeParse(payload['email']);
  const verified = payload['email_verified'];
  const read = ResolveExternalIdentity.safeParse({
    ...{ issuer: issuer.issuer, subjectClaim, subject, issuedAt: payload.iat },
    ...(email.success ? { email: email.data } : {}),
    // Cognito writes it as text.
    emailVerified: issuer.trustEmail && email.success && (verified === true || verified === 'true'),
    ...nameOf(payload),
  });
  if (!read.success || isUnstorable(read.data.subject)) return undefined;
  const session = payload['sid'] ?? payload['origin_jti'] ?? payload.jti ?? payload.iat;
  const sessionId = asUuid(JSON.stringify([issuer.issuer, subjectClaim, subject, session]));
  return { stated: read.data, sessionId, until: (payload.exp ?? 0) * 1000 };
}

function nameOf(payload: JWTPayload): { name?: string } {
  const names = [payload['name'], payload['preferred_username'], payload['cognito:username'], payload['username']];
  const given = names.find((name): name is string => typeof name === 'string' && name.trim() !== '');
  // Of a pair of surrogates that is cut, its half goes, too.
  const name = given
    ?.replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
    .slice(0, 100)
    .replace(/\p{Surrogate}/gu, '');
  return name ? { name } : {};
}

function asUuid(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
