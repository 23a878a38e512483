import { z } from 'zod';
import { Id, Money } from '../rest/fields.js';
import { Buyer, EventFacts, message, OrderLine } from './message.js';

/** The tickets are issued. `how`: through a payment, at price zero, or by an organizer's word at the desk. */
export const orderConfirmed = message(
  'order.confirmed.v1',
  z.object({
    orderId: Id,
    event: EventFacts,
    buyer: Buyer,
    items: z.array(OrderLine),
    total: Money,
    how: z.enum(['paid', 'free', 'desk']),
    ticketIds: z.array(Id),
  }),
);
