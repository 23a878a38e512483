import { z } from 'zod';
import { Id, Instant, page, PageQuery, Person, text } from './fields.js';
import { ApiScope, operation } from './operation.js';

const tag = 'api keys';
const service = 'ticket-api';
const access = { resource: 'organization', param: 'organizationId', anyOf: ['owner'] } as const;

export const CreateApiKey = z.strictObject({
  name: text(100),
  scopes: z
    .array(ApiScope)
    .min(1)
    .max(ApiScope.options.length)
    .refine((scopes) => new Set(scopes).size === scopes.length, 'names a scope twice'),
  expiresAt: Instant.refine((at) => Date.parse(at) > Date.now(), 'is in the past').optional(),
  rateLimit: z.int().min(1).max(1_000_000).optional().describe("requests a minute, below the gateway's own limits"),
});
export type CreateApiKey = z.infer<typeof CreateApiKey>;

/** A key as its owners see it later: enough to know it again, nothing to call with. */
export const ApiKeyView = z.object({
  id: Id,
  name: z.string(),
  scopes: z.array(ApiScope),
  prefix: z.string(),
  last4: z.string(),
  rateLimit: z.int().nullable().describe('requests a minute'),
  createdAt: z.string(),
  createdBy: Person,
  lastUsedAt: z.string().nullable().describe('to the minute'),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
});
export type ApiKeyView = z.infer<typeof ApiKeyView>;

export const CreatedApiKey = ApiKeyView.extend({ key: z.string().describe('shown this once') });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;

export const createApiKey = operation({
  id: 'createApiKey',
  tag,
  service,
  summary: 'Make a key for software that acts as this organization',
  method: 'POST',
  path: '/organizations/:organizationId/api-keys',
  access,
  body: CreateApiKey,
  responses: { 201: CreatedApiKey },
  problems: ['too-many-api-keys'],
  idempotent: true,
});
export const listApiKeys = operation({
  id: 'listApiKeys',
  tag,
  service,
  summary: 'Keys of this organization, newest first, revoked ones included',
  method: 'GET',
  path: '/organizations/:organizationId/api-keys',
  access,
  query: PageQuery,
  responses: { 200: page(ApiKeyView) },
});
export const revokeApiKey = operation({
  id: 'revokeApiKey',
  tag,
  service,
  summary: 'End a key; it is refused within five seconds',
  method: 'DELETE',
  path: '/organizations/:organizationId/api-keys/:keyId',
  // A leaked key is ended also then.
  access: { ...access, evenSuspended: true },
  responses: { 204: 'empty' },
});
