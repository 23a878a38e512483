import { z } from 'zod';
import { MailsOfPerson, PaymentsOfPerson } from '../internal/personal-data.js';
import { Id, Money } from './fields.js';
import { operation } from './operation.js';

const time = z.string();
const maybe = z.string().nullable();

/** Everything held about a person who has an account, newest first. No secret, and no hash of one, is part of it. */
export const PersonalData = z.object({
  exportedAt: time,
  leftOut: z
    .array(z.string())
    .describe(
      'lists that are longer than what is told here, as `deeds` or `payments.refunds`; empty for nearly everybody',
    ),
  account: z.object({
    id: Id,
    email: z.string(),
    name: z.string(),
    emailVerifiedAt: maybe,
    secondFactorSince: maybe,
    recoveryCodesLeft: z.int(),
    createdAt: time,
  }),
  externalIdentities: z
    .array(z.object({ issuer: z.string(), subject: z.string(), createdAt: time }))
    .describe('accounts of other issuers that I sign in with'),
  proofs: z
    .array(
      z.object({
        kind: z.enum(['email-verification', 'password-reset']),
        email: z.string(),
        createdAt: time,
        expiresAt: time,
      }),
    )
    .describe('links that were mailed and not used'),
  sessions: z.array(
    z.object({ id: Id, createdAt: time, lastUsedAt: time, endedAt: maybe, network: maybe, userAgent: maybe }),
  ),
  memberships: z.array(z.object({ organizationId: Id, organization: z.string(), role: z.string(), since: time })),
  invitations: z
    .array(
      z.object({ id: Id, organizationId: Id, role: z.string(), createdAt: time, expiresAt: time, acceptedAt: maybe }),
    )
    .describe('to my e-mail, if I have proven it'),
  unsubscribed: z
    .array(z.object({ organizationId: Id, kind: z.string(), createdAt: time }))
    .describe('mails that I do not want; of the platform itself: of every organization'),
  orders: z.array(
    z.object({
      id: Id,
      eventId: Id,
      event: z.string(),
      status: z.string(),
      reason: maybe,
      total: Money,
      refunded: z.int(),
      createdAt: time,
      items: z.array(z.object({ ticketTypeId: Id, name: z.string(), quantity: z.int(), unitPrice: z.int() })),
    }),
  ),
  steps: z
    .array(z.object({ orderId: Id, step: z.string(), at: time, recipient: maybe }))
    .describe('what became of my orders, and where mails about them went'),
  tickets: z
    .array(
      z.object({
        id: Id,
        orderId: Id,
        eventId: Id,
        status: z.string(),
        number: z.string(),
        checkedInAt: maybe,
        gate: maybe,
        leftAt: maybe,
        createdAt: time,
      }),
    )
    .describe('that I hold or bought'),
  transfers: z
    .array(
      z.object({
        id: Id,
        ticketId: Id,
        eventId: Id,
        direction: z.enum(['incoming', 'outgoing']),
        status: z.string(),
        createdAt: time,
        expiresAt: time,
        endedAt: maybe,
      }),
    )
    .describe('offers of tickets that I made, or that are for my e-mail, if I have proven it'),
  scans: z
    .array(z.object({ ticketId: Id, eventId: Id, result: z.string(), gate: maybe, at: time, undoneAt: maybe }))
    .describe('of tickets that I hold'),
  scanned: z
    .array(z.object({ organizationId: Id, eventId: Id, result: z.string(), reason: maybe, gate: maybe, at: time }))
    .describe('by me, at the gates of others'),
  refunds: z.array(
    z.object({
      id: Id,
      orderId: Id,
      status: z.string(),
      amount: Money,
      reason: z.string(),
      overrideReason: maybe,
      createdAt: time,
      settledAt: maybe,
    }),
  ),
  waiting: z
    .array(
      z.object({
        id: Id,
        eventId: Id,
        ticketTypeId: Id,
        quantity: z.int(),
        status: z.string(),
        reason: maybe,
        orderId: maybe,
        createdAt: time,
      }),
    )
    .describe('tickets that I wait for or waited for'),
  listings: z
    .array(z.object({ id: Id, ticketId: Id, status: z.string(), price: Money, listedAt: time, endedAt: maybe }))
    .describe('tickets that I gave back for resale'),
  deeds: z
    .array(
      z.object({
        organizationId: Id,
        at: time,
        action: z.string(),
        target: z.object({ kind: z.string(), id: Id }),
        network: maybe,
      }),
    )
    .describe('entries of audit logs that I am the actor of'),
  payments: PaymentsOfPerson,
  mails: MailsOfPerson.shape.mails,
});
export type PersonalData = z.infer<typeof PersonalData>;

export const exportPersonalData = operation({
  id: 'exportPersonalData',
  tag: 'personal-data',
  service: 'ticket-api',
  summary: 'Everything that is held about me by every service, once a minute; 503 while one of them is away',
  method: 'GET',
  path: '/users/me/export',
  access: 'person',
  responses: { 200: PersonalData },
});

export const eraseAccount = operation({
  id: 'eraseAccount',
  tag: 'personal-data',
  service: 'ticket-api',
  summary: 'Erase my account; orders, tickets and books stay, with nobody in them',
  method: 'DELETE',
  path: '/users/me',
  access: 'person',
  responses: { 204: 'empty' },
  problems: ['last-owner'],
});
