import { z } from 'zod';
import { Id } from '../rest/fields.js';
import { Buyer, EventFacts, message } from './message.js';

const Ended = z.object({ orderId: Id, event: EventFacts, buyer: Buyer, reason: z.string() });

/** The stock is back. Payment-service closes what is open. */
export const orderExpired = message('order.expired.v1', Ended);
export const orderCancelled = message('order.cancelled.v1', Ended);
