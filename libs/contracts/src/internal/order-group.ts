import { z } from 'zod';
import { Id } from '../rest/fields.js';
import { PlaceOrder } from '../rest/orders.js';

/** Orders that travel together at most: several transactions' worth, as an overloaded gateway has few turns to send them in. */
export const ORDER_GROUP_MEMBERS = 1_000;
/** Bytes of an order that travels in a group at most; a larger one travels alone. */
export const ORDER_GROUP_MEMBER_BYTES = 4 * 1024;
/** Bytes of a whole group at most: members with their identities. */
export const ORDER_GROUP_BYTES = ORDER_GROUP_MEMBERS * (ORDER_GROUP_MEMBER_BYTES + 4 * 1024);

/** One buyer's request, as the gateway has judged it. */
export const OrderGroupMember = z.object({
  /** Of the request, without query. */
  path: z.string(),
  requestId: z.string(),
  traceparent: z.string(),
  buyer: z.object({ id: Id, name: z.string(), email: z.string() }),
  idempotencyKey: z.string().min(1).max(255).optional(),
  body: PlaceOrder,
});
export type OrderGroupMember = z.infer<typeof OrderGroupMember>;

/** `POST /internal/orders/group`: orders that waited at the gateway at the same moment. */
export const OrderGroup = z.object({ members: z.array(OrderGroupMember).min(1).max(ORDER_GROUP_MEMBERS) });
export type OrderGroup = z.infer<typeof OrderGroup>;

/** What each buyer is answered, in the order of the members. */
export const OrderGroupAnswer = z.object({
  status: z.int(),
  /** JSON: the order, or a problem. */
  body: z.string(),
  replayed: z.boolean(),
  /** Seconds. */
  retryAfter: z.number().optional(),
});
export type OrderGroupAnswer = z.infer<typeof OrderGroupAnswer>;
export const OrderGroupAnswers = z.object({ answers: z.array(OrderGroupAnswer) });
