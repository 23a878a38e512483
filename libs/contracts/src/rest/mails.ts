import { z } from 'zod';
import { Id, page, PageQuery } from './fields.js';
import { operation } from './operation.js';
import { getOrder } from './orders.js';

const tag = 'mails';
const service = 'ticket-api';

/** `queued`: waits, for its turn or for another try. `failed`: given up. `dropped`: its person's account is erased. */
export const MailStatus = z.enum(['queued', 'sent', 'failed', 'dropped']);
export type MailStatus = z.infer<typeof MailStatus>;

export const ListMails = PageQuery.extend({ status: MailStatus.optional() });
export type ListMails = z.infer<typeof ListMails>;

/**
 * A mail, never its words. `recipient` is whole for the person it went to alone: others see its first letter and its
 * domain, enough to notice a mistyped one. Clients must expect further kinds.
 */
export const MailEntry = z.object({
  id: Id,
  kind: z.string(),
  orderId: Id.nullable(),
  recipient: z.string(),
  status: MailStatus,
  attempts: z.int(),
  error: z.string().nullable(),
  createdAt: z.string(),
  sentAt: z.string().nullable(),
  nextAttemptAt: z.string().nullable(),
});
export type MailEntry = z.infer<typeof MailEntry>;

/** `reminders` false: of no organization. Those of one alone that are not wanted stand in `organizations`. */
export const MailPreferences = z.object({
  reminders: z.boolean(),
  organizations: z.array(z.object({ organizationId: Id, reminders: z.boolean() })),
});
export type MailPreferences = z.infer<typeof MailPreferences>;
export const ChangeMailPreferences = z.strictObject({ organizationId: Id.nullish(), reminders: z.boolean() });
export type ChangeMailPreferences = z.infer<typeof ChangeMailPreferences>;

/** Mail programs append parameters of their own; whatever cannot be read as a token is none. */
export const UnsubscribeQuery = z.object({ token: z.string().max(300).optional().catch(undefined) });
export type UnsubscribeQuery = z.infer<typeof UnsubscribeQuery>;

export const listMailsOfOrder = operation({
  id: 'listMailsOfOrder',
  tag,
  service,
  summary: 'Mails about an order, newest first: what was sent when, and what was not and why',
  method: 'GET',
  path: '/orders/:orderId/mails',
  access: getOrder.access,
  scopes: ['orders:read'],
  query: ListMails,
  responses: { 200: page(MailEntry) },
});
export const listMailsOfEvent = operation({
  id: 'listMailsOfEvent',
  tag,
  service,
  summary: 'Mails about an event, newest first',
  method: 'GET',
  path: '/events/:eventId/mails',
  access: { resource: 'event', param: 'eventId', anyOf: ['organizer', 'owner'] },
  scopes: ['orders:read'],
  query: ListMails,
  responses: { 200: page(MailEntry) },
});
export const getMailPreferences = operation({
  id: 'getMailPreferences',
  tag,
  service,
  summary: 'Which mails I get beyond those that I need',
  method: 'GET',
  path: '/users/me/mail-preferences',
  access: 'person',
  responses: { 200: MailPreferences },
});
export const changeMailPreferences = operation({
  id: 'changeMailPreferences',
  tag,
  service,
  summary: 'Take or leave reminders: of one organization, or of all without `organizationId`',
  method: 'PATCH',
  path: '/users/me/mail-preferences',
  access: 'person',
  body: ChangeMailPreferences,
  responses: { 200: MailPreferences },
  problems: ['not-found'],
});
export const showUnsubscribe = operation({
  id: 'showUnsubscribe',
  tag,
  service,
  summary: "Where a mail's link leads: a small page with a button, for mail scanners follow links",
  method: 'GET',
  path: '/mail-preferences/unsubscribe',
  access: 'anyone',
  query: UnsubscribeQuery,
  responses: { 200: 'file' },
  files: ['text/html'],
  problems: ['not-found'],
});
export const unsubscribe = operation({
  id: 'unsubscribe',
  tag,
  service,
  summary: 'No more reminders of this organization: that button, or one click in a mail program (RFC 8058)',
  method: 'POST',
  path: '/mail-preferences/unsubscribe',
  access: 'anyone',
  query: UnsubscribeQuery,
  rawBody: 4096,
  responses: { 200: 'file' },
  files: ['text/html'],
  problems: ['not-found'],
});
