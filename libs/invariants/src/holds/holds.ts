import type { Rule } from '../invariant.js';

export const holds: Rule[] = [
  {
    invariant: 'I9',
    database: 'ticket-api',
    broken: 'holds that ended more than 30 s ago and still keep their stock',
    remedy: 'Look at ticket-api\'s log for "could not be ended" and whether the service runs: its timer lets holds go.',
    sql: `
      select id as "orderId", event_id as "eventId", expires_at as "expiresAt", payment_opened_at as "paymentOpenedAt"
      from orders where status = 'pending' and expires_at < now() - interval '30 s'`,
  },
];
