import type { Buyer, EventFacts, Organizer } from '@app/contracts';
import { organizerOf } from '../organizations/organizations.module.js';
import type { Order } from './order.js';

/** An order with its buyer and its event, as the store hands it out. */
export interface OrderRow extends Order {
  id: string;
  tenantId: string;
  buyer: Buyer;
  event: EventFacts & { status: 'draft' | 'published' | 'cancelled'; refundsClosed: boolean };
  reason: string | null;
  refunded: number;
  refundPending: number;
  expiresAt: Date;
  /** By the database's clock. */
  holdEnded: boolean;
  createdAt: Date;
  updatedAt: Date;
  items: ItemRow[];
}

export interface ItemRow {
  ticketTypeId: string;
  counterId: string;
  name: string;
  quantity: number;
  unitPrice: number;
  returned: number;
}

/** Its lines as clients and other services see them. */
export const toLines = ({ items, total: { currency } }: Pick<OrderRow, 'items' | 'total'>) =>
  items.map(({ ticketTypeId, name, quantity, unitPrice }) => ({
    ticketTypeId,
    name,
    quantity,
    unitPrice: { amount: unitPrice, currency },
  }));

/** Columns that make an OrderRow; the tables are `orders o`, `users buyer` and `events e`. */
export const ORDER_COLUMNS = `o.id, o.tenant_id, o.status, o.reason, o.total, o.currency, o.refunded, o.refund_pending, o.confirmed_how,
  o.payment_id, o.expires_at, o.expires_at <= now() as hold_ended, o.created_at, o.updated_at,
  buyer.id as buyer_id, buyer.name as buyer_name, buyer.email as buyer_email,
  e.id as event_id, e.title, e.starts_at, e.ends_at, e.timezone, e.venue_name, e.venue_address, e.venue_city,
  ${organizerOf('e.tenant_id')} as organizer, e.status as event_status, e.refundable_until < now() as refunds_closed`;

export const ORDER_TABLES = `orders o join users buyer on buyer.id = o.user_id join events e on e.tenant_id = o.tenant_id and e.id = o.event_id`;

export const ITEM_COLUMNS = `order_id, ticket_type_id, counter_id, name, quantity, unit_price, returned`;

export interface OrderRecord {
  id: string;
  tenant_id: string;
  status: Order['status'];
  reason: string | null;
  total: number;
  currency: string;
  refunded: number;
  refund_pending: number;
  confirmed_how: Order['confirmedHow'];
  payment_id: string | null;
  expires_at: Date;
  hold_ended: boolean;
  created_at: Date;
  updated_at: Date;
  buyer_id: string;
  buyer_name: string;
  buyer_email: string;
  event_id: string;
  title: string;
  starts_at: Date;
  ends_at: Date;
  timezone: string;
  venue_name: string;
  venue_address: string | null;
  venue_city: string | null;
  organizer: Organizer | null;
  event_status: OrderRow['event']['status'];
  refunds_closed: boolean;
}

export interface ItemRecord {
  order_id: string;
  ticket_type_id: string;
  counter_id: string;
  name: string;
  quantity: number;
  unit_price: number;
  returned: number;
}

export const toItem = (row: ItemRecord): ItemRow => ({
  ticketTypeId: row.ticket_type_id,
  counterId: row.counter_id,
  name: row.name,
  quantity: row.quantity,
  unitPrice: row.unit_price,
  returned: row.returned,
});

export const toOrderRow = (row: OrderRecord, items: ItemRow[]): OrderRow => ({
  id: row.id,
  tenantId: row.tenant_id,
  status: row.status,
  reason: row.reason,
  confirmedHow: row.confirmed_how,
  paymentId: row.payment_id,
  total: { amount: row.total, currency: row.currency },
  refunded: row.refunded,
  refundPending: row.refund_pending,
  expiresAt: row.expires_at,
  holdEnded: row.hold_ended,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  buyer: { id: row.buyer_id, name: row.buyer_name, email: row.buyer_email },
  event: {
    id: row.event_id,
    title: row.title,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    timezone: row.timezone,
    venue: { name: row.venue_name, address: row.venue_address, city: row.venue_city },
    ...(row.organizer && { organizer: row.organizer }),
    status: row.event_status,
    refundsClosed: row.refunds_closed,
  },
  items,
});
