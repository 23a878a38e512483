import { z } from 'zod';
import { operation } from './operation.js';
import { getOrder } from './orders.js';

/**
 * One thing that happened to an order, by the clock of the service where it did. `step` names it (`order-placed`,
 * `mail-sent`, …): clients must expect further ones, and further members of `detail`.
 */
export const TimelineStep = z.object({
  at: z.string(),
  step: z.string(),
  service: z.string(),
  detail: z.record(z.string(), z.unknown()).optional(),
});
export type TimelineStep = z.infer<typeof TimelineStep>;

export const Timeline = z.object({ data: z.array(TimelineStep) });
export type Timeline = z.infer<typeof Timeline>;

const { tag, service, access } = getOrder;
/** What buyers paid for is seen to also while the organization is suspended. */
const ofOrganizers = { ...access, anyOf: ['organizer', 'owner'], evenSuspended: true } as const;

export const getTimeline = operation({
  id: 'getTimeline',
  tag,
  service,
  summary: 'Where is my ticket? Every step of an order with its time, oldest first',
  method: 'GET',
  path: '/orders/:orderId/timeline',
  access,
  scopes: ['orders:read'],
  responses: { 200: Timeline },
});
export const resendMail = operation({
  id: 'resendMail',
  tag,
  service,
  summary: "Send the mail with the order's tickets again",
  method: 'POST',
  path: '/orders/:orderId/resend-mail',
  access: ofOrganizers,
  scopes: ['orders:write'],
  responses: { 202: TimelineStep },
  problems: ['nothing-to-resend'],
  idempotent: true,
});
export const recheckOrder = operation({
  id: 'recheckOrder',
  tag,
  service,
  summary: "Ask the payment provider now for an order's payment or refund that seems stuck",
  method: 'POST',
  path: '/orders/:orderId/recheck',
  access: ofOrganizers,
  scopes: ['orders:write'],
  responses: { 202: TimelineStep },
  problems: ['nothing-to-recheck'],
  idempotent: true,
});
