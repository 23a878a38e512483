import type { DataOf, Money, orderReserved } from '@app/contracts';

/** What ticket-api tells of a reserved order. */
export type ReservedOrder = DataOf<typeof orderReserved>;

/** An order that is or was to be paid, as this service knows it. */
export interface OwedOrder {
  tenantId: string;
  orderId: string;
  userId: string;
  buyerEmail: string;
  eventTitle: string;
  /** IANA; null if it was never told. */
  eventTimezone: string | null;
  items: ReservedOrder['items'];
  total: Money;
  /** End of the hold. */
  expiresAt: Date;
  /** Confirmed or ended: nobody is to pay for it any more. Or its hold has ended by the database's clock. */
  isOver: boolean;
  /** Of the request that placed the order, if its message told us. */
  correlationId: string | null;
}
