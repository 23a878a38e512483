import { z } from 'zod';
import { Id, page, PageQuery } from './fields.js';
import { operation } from './operation.js';
import { GivenPassword } from './passwords.js';
import { SecondFactorCode } from './second-factor.js';

const tag = 'identity';
const service = 'ticket-api';

/** Who I am at another issuer: its tokens are taken as mine. */
export const LinkedIdentity = z.object({
  id: Id,
  issuer: z.string(),
  subject: z.string(),
  createdAt: z.string(),
});
export type LinkedIdentity = z.infer<typeof LinkedIdentity>;

/** `code`: of the second factor, for accounts that have one; else it is not looked at. */
const proof = { password: GivenPassword, code: SecondFactorCode.optional() };

export const LinkIdentity = z.strictObject({
  token: z.string().min(1).max(16_384).describe('of the other issuer, as it would be sent as `Authorization: Bearer`'),
  ...proof,
});
export type LinkIdentity = z.infer<typeof LinkIdentity>;

export const UnlinkIdentity = z.strictObject(proof);
export type UnlinkIdentity = z.infer<typeof UnlinkIdentity>;

export const linkIdentity = operation({
  id: 'linkIdentity',
  tag,
  service,
  summary:
    'Take tokens of another issuer as mine, whose e-mail is proven there and here; sent again it is the same one',
  method: 'POST',
  path: '/users/me/identities',
  access: 'person',
  body: LinkIdentity,
  responses: { 201: LinkedIdentity },
  problems: [
    ...(['forbidden', 'wrong-password', 'wrong-code', 'email-not-verified'] as const),
    ...(['invalid-token', 'identity-email-differs', 'identity-taken'] as const),
  ],
});
export const listIdentities = operation({
  id: 'listIdentities',
  tag,
  service,
  summary: 'Who I am at other issuers',
  method: 'GET',
  path: '/users/me/identities',
  access: 'person',
  query: PageQuery,
  responses: { 200: page(LinkedIdentity) },
});
export const unlinkIdentity = operation({
  id: 'unlinkIdentity',
  tag,
  service,
  summary: 'Take tokens of that issuer as mine no more; they are refused to my account within 5 s',
  method: 'DELETE',
  path: '/users/me/identities/:identityId',
  access: 'person',
  body: UnlinkIdentity,
  responses: { 204: 'empty' },
  problems: ['wrong-password', 'wrong-code', 'last-identity'],
});
