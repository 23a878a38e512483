import { z } from 'zod';
import { Id, Money } from '../rest/fields.js';
import { Buyer, EventFacts, message, OrderLine } from './message.js';

/** An order was placed for a person who waited: it is held until `expiresAt`, and paid at `checkoutUrl`. */
export const waitingListOffered = message(
  'waiting-list.offered.v1',
  z.object({
    entryId: Id,
    orderId: Id,
    event: EventFacts,
    buyer: Buyer,
    items: z.array(OrderLine),
    total: Money,
    expiresAt: z.string(),
    checkoutUrl: z.string(),
  }),
);
