import { z } from 'zod';
import { problems, type ProblemCode } from '../problems.js';

/** What an organization's API key may be allowed to do. */
export const ApiScope = z.enum([
  'events:read',
  'events:write',
  'orders:read',
  'orders:write',
  'tickets:read',
  'checkin',
]);
export type Scope = z.infer<typeof ApiScope>;

export type Role = 'owner' | 'organizer' | 'scanner';
/** `history`: of a ticket, by the ticket's id. */
export type Resource = 'organization' | 'event' | 'order' | 'ticket' | 'history';

/** Who may act on the resource that the path names. `self`: the order's buyer, the ticket's holder, of its history both, the person in the path. */
export interface ResourceRule {
  resource: Resource;
  param: string;
  anyOf: readonly (Role | 'self')[];
  /**
   * The staff of an organization that the platform suspended may still do it: see to those who bought, and give money
   * back. Without it they may only read. What `self` may do is not touched.
   */
  evenSuspended?: true;
}

/** Whether an operation with this rule changes something that the staff of a suspended organization may not. */
export const stopsWhileSuspended = ({ anyOf, evenSuspended }: ResourceRule, method: string): boolean =>
  !evenSuspended && method !== 'GET' && method !== 'HEAD' && anyOf.some((who) => who !== 'self');

/**
 * Who may call. `anyone`: no credential needed (one that is given must be valid); `person`: signed in;
 * `admin`: whom the configuration names as an administrator of the platform;
 * a rule: signed in, and it holds for the resource in the path.
 */
export type Access = 'anyone' | 'person' | 'admin' | ResourceRule;

export interface Operation {
  id: string;
  tag: string;
  summary: string;
  service: 'ticket-api' | 'payment-service';
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the gateway's `/api/v1`, parameters as `:name`. */
  path: string;
  access: Access;
  /**
   * Scopes that an organization's key needs to make this call, all of them; without any, no key may. A key acts with the
   * rights of an organizer, within its organization. On a call for anyone it sees more than the public does.
   */
  scopes?: readonly Scope[];
  /** Anyone may call, and one who is signed in is answered as that person, so that members see their drafts. */
  optionalCaller?: true;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Success status → body schema, or what else it answers with. */
  responses: Record<number, z.ZodType | 'empty' | 'redirect' | 'file'>;
  /** Media types of a success that is a `file`, or may be one beside the JSON. */
  files?: readonly string[];
  /** It answers with server-sent events of this name, each with the JSON of the GET beside it, as long as the caller may see it. */
  stream?: string;
  /** Problem codes beyond those that follow from the shape of the operation. */
  problems?: readonly ProblemCode[];
  /** Honours `Idempotency-Key`, as every write does that creates or moves money and has a caller whose key it is. */
  idempotent?: boolean;
  /** Bytes of JSON that it takes, where 64 KiB are too few. */
  largestBody?: number;
  /** The body is not JSON and reaches the service byte by byte (bytes at most). */
  rawBody?: number;
}

export const operation = <const O extends Operation>(given: O): O => given;

/** Every problem code that an operation can answer with: its own and those that follow from its shape. */
export function problemsOf(op: Operation): ProblemCode[] {
  const codes = new Set<ProblemCode>(op.problems ?? []);
  for (const code of ['too-many-requests', 'service-unavailable', 'validation-failed', 'unauthenticated'] as const)
    codes.add(code);
  if (op.access !== 'anyone') codes.add('cross-site-request');
  // Whoever is not let in, and a key where a person is asked for.
  if (op.access !== 'anyone' || op.scopes) codes.add('forbidden');
  if (op.scopes || (typeof op.access === 'object' && stopsWhileSuspended(op.access, op.method)))
    codes.add('organization-suspended');
  if (op.path.includes(':')) codes.add('not-found');
  if (op.method !== 'GET')
    for (const code of ['malformed-body', 'body-too-large', 'unsupported-media-type', 'cross-site-request'] as const)
      codes.add(code);
  if (op.idempotent) for (const code of ['idempotency-in-flight', 'idempotency-key-reused'] as const) codes.add(code);
  return [...codes].sort((a, b) => problems[a].status - problems[b].status || a.localeCompare(b));
}
