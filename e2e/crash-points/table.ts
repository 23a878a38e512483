import { subscriptions } from '@app/contracts';
import type { CrashPoint } from '@app/observability';
import { mailKinds } from '../../apps/notification-service/src/mails/mail-kinds.js';

const consumed = Object.entries(subscriptions).flatMap(([service, contracts]) =>
  contracts.map(({ type }) => `${service} ${type}`),
);

/** A type's first word says who tells it. */
const TELLERS: Record<string, string> = {
  order: 'ticket-api',
  event: 'ticket-api',
  user: 'ticket-api',
  organization: 'ticket-api',
  payment: 'payment-service',
  mail: 'notification-service',
  ticket: 'ticket-api',
  'waiting-list': 'ticket-api',
};
const types = [
  ...new Set(Object.values(subscriptions).flatMap((contracts) => contracts.map(({ type }) => type as string))),
];
const told = types.map((type) => `${TELLERS[type.split('.')[0] ?? ''] ?? 'nobody'} ${type}`);

/** The writes of a purchase, its repair and its end, and the one read that writes: opening the checkout. */
const ROUTES = {
  'ticket-api': [
    'POST /api/v1/auth/signup',
    'POST /api/v1/auth/token',
    'POST /api/v1/auth/forgot-password',
    'PUT /api/v1/users/me/password',
    'DELETE /api/v1/users/me',
    'POST /api/v1/organizations/:organizationId/members',
    'PATCH /api/v1/events/:eventId',
    'POST /api/v1/events/:eventId/ticket-types',
    'POST /api/v1/orders',
    'POST /api/v1/orders/:orderId/cancel',
    'POST /api/v1/orders/:orderId/refund',
    'DELETE /api/v1/tickets/:ticketId',
    'POST /api/v1/tickets/:ticketId/resale',
    'DELETE /api/v1/tickets/:ticketId/resale',
    'POST /api/v1/events/:eventId/ticket-types/:typeId/waiting-list',
    'POST /api/v1/tickets/:ticketId/transfer',
    'POST /api/v1/tickets/transfers/:transferId/accept',
    'POST /api/v1/tickets/transfers/:transferId/decline',
    'POST /api/v1/orders/:orderId/resend-mail',
    'POST /api/v1/orders/:orderId/recheck',
    'PUT /api/v1/mgmt/bookings/:orderId/confirm',
    'PATCH /api/v1/events/:eventId',
    'POST /api/v1/events/:eventId/cancel',
  ],
  'payment-service': [
    'GET /api/v1/payments/checkout/:orderId',
    'POST /api/v1/payments/webhooks',
    'POST /api/v1/mgmt/refunds/:refundId/retry',
  ],
};
const answered = [
  'ticket-api POST /internal/orders/group',
  'ticket-api POST /internal/events/:eventId/audience',
  ...Object.entries(ROUTES).flatMap(([service, routes]) =>
    routes.flatMap((route) => [`${service} ${route}`, `api-gateway ${route}`]),
  ),
];

/** Calls that lead to something; what is asked once a day for the comparison of the books comes by itself. */
const CALLS = ['createSession', 'expireSession', 'findSession', 'createRefund', 'listRefunds'];

/** At each point, what passes it, as `service what`: all of it that there is, so that a run that misses one fails. */
export const PAIRS: Readonly<Record<CrashPoint, readonly string[]>> = {
  'relay/after-claim': told,
  'relay/after-publish': told,
  'relay/after-mark': told,
  'consumer/before-transaction': consumed,
  'consumer/after-handler': consumed,
  'consumer/after-commit': consumed,
  'consumer/after-acknowledgement': consumed,
  'http/before-answer': answered,
  'provider/after-answer': CALLS.map((call) => `payment-service ${call}`),
  'mail/after-sending': Object.keys(mailKinds).map((kind) => `notification-service ${kind}`),
};

/** What may pass besides, without being a matter of this table: what only reads, and the daily comparison. */
export const isBeside = (pair: string): boolean => /^\S+ (GET|HEAD) |^payment-service (find|list)/.test(pair);

/** A pair without its service. */
export const whatOf = (pair: string): string => pair.slice(pair.indexOf(' ') + 1);
