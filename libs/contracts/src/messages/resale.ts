import { z } from 'zod';
import { Id, Money } from '../rest/fields.js';
import { Buyer, EventFacts, message } from './message.js';

const Listed = z.object({ orderId: Id, ticketId: Id, listingId: Id, event: EventFacts, buyer: Buyer, price: Money });

/** The buyer gave a ticket back for resale: it admits nobody, and its money stays where it is until somebody has paid for it. */
export const ticketListed = message('ticket.listed.v1', Listed);

/** The ticket is its buyer's again. `reason`: `withdrawn` by the buyer, or `unsold` in time. What is sold has `order.refund-requested.v1`. */
export const ticketListingEnded = message('ticket.listing-ended.v1', Listed.extend({ reason: z.string() }));
