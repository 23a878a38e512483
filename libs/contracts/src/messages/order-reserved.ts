import { z } from 'zod';
import { Id, Money } from '../rest/fields.js';
import { Buyer, EventFacts, message, OrderLine } from './message.js';

/** Stock is held until `expiresAt`; `total` is owed. Zero-price orders do not send it. */
export const orderReserved = message(
  'order.reserved.v1',
  z.object({
    orderId: Id,
    // Nobody is mailed for it.
    event: EventFacts.omit({ organizer: true }),
    buyer: Buyer,
    items: z.array(OrderLine),
    total: Money,
    expiresAt: z.string(),
  }),
);
