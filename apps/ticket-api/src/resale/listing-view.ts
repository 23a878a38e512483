import type { Listing } from '@app/contracts';
import type { OrderRow } from '../orders/orders.module.js';
import type { ListingRow } from './listing.store.js';

/** A listing as clients see it. */
export const toListing = (row: ListingRow): Listing => ({
  id: row.id,
  ticketId: row.ticketId,
  eventId: row.eventId,
  ticketTypeId: row.ticketTypeId,
  status: row.status,
  price: { amount: row.price, currency: row.currency },
  listedAt: row.listedAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
});

/** What other services are told of it. */
export const factsOf = (order: OrderRow, listing: { id: string; ticketId: string; price: number }) => ({
  orderId: order.id,
  ticketId: listing.ticketId,
  listingId: listing.id,
  event: order.event,
  buyer: order.buyer,
  price: { amount: listing.price, currency: order.total.currency },
});
