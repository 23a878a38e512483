import { z } from 'zod';
import { Id } from '../rest/fields.js';

/** People that one page names at most, and who tells them takes in one transaction. */
export const AUDIENCE_PAGE = 100;

/**
 * Who is to hear of an event, by id, `after` that of the page before. `about` a change: who holds a ticket, or bought one
 * that somebody else holds now. A cancellation: of these, whom no mail about a refund tells it. A reminder: who holds a
 * ticket that can be used and was bought `boughtBefore` then, and wants to be reminded.
 */
export const FindAudience = z.strictObject({
  about: z.enum(['change', 'cancellation', 'reminder']),
  boughtBefore: z.string().optional(),
  after: Id.nullable(),
});
export type FindAudience = z.infer<typeof FindAudience>;

/** `orderId`: an own order, null for who was handed a ticket; `ticketsOf`: an order whose tickets the person holds. `unsubscribe`: proof that a link comes from this person's mail. */
export const Audience = z.object({
  people: z.array(
    z.object({
      userId: Id,
      name: z.string(),
      email: z.string(),
      orderId: Id.nullable(),
      ticketsOf: Id.nullable(),
      tickets: z.int(),
      unsubscribe: z.string().optional(),
    }),
  ),
  /** Where the next page begins; null when this was the last. */
  next: Id.nullable(),
});
export type Audience = z.infer<typeof Audience>;
