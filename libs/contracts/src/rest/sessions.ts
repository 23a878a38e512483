import { z } from 'zod';
import { Id, page, PageQuery } from './fields.js';
import { operation } from './operation.js';

const tag = 'identity';
const service = 'ticket-api';

/** A sign-in of mine that goes on: enough to recognise the device, and no more. */
export const UserSession = z.object({
  id: Id,
  createdAt: z.string(),
  /** When its tokens were last renewed. */
  lastUsedAt: z.string(),
  /** Whether this call was made in it. */
  current: z.boolean(),
  /** As the client named itself, shortened. */
  userAgent: z.string().nullable(),
  /** Last seen: an IPv4 address, or the /64 of an IPv6 one. */
  network: z.string().nullable(),
});
export type UserSession = z.infer<typeof UserSession>;

export const listSessions = operation({
  id: 'listSessions',
  tag,
  service,
  summary: 'My sessions that have not ended, newest first',
  method: 'GET',
  path: '/users/me/sessions',
  access: 'person',
  query: PageQuery,
  responses: { 200: page(UserSession) },
});
export const endSession = operation({
  id: 'endSession',
  tag,
  service,
  summary: 'End one of my sessions; its access tokens are refused within 5 s',
  method: 'DELETE',
  path: '/users/me/sessions/:sessionId',
  access: 'person',
  responses: { 204: 'empty' },
});
export const signOutEverywhere = operation({
  id: 'signOutEverywhere',
  tag,
  service,
  summary: 'End all my sessions, this one too',
  method: 'POST',
  path: '/auth/signout-everywhere',
  access: 'person',
  responses: { 204: 'empty' },
});
