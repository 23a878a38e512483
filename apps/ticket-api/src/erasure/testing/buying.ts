import type { Type } from '@nestjs/common';
import type { Identity } from '@app/auth';
import { v7 as uuid } from 'uuid';
import { OnMailProgress } from '../../orders/on-mail-progress/on-mail-progress.js';
import { OnPaymentSucceeded } from '../../orders/on-payment-succeeded/on-payment-succeeded.js';
import type { TicketApi } from '../../testing/open-ticket-api.js';
import { addEvent, type SeededEvent } from '../../testing/seed.js';

/** Operations that `OrdersModule` and what it needs handle. */
export const BUYING = [
  ...['orders', 'bookings', 'catalogue', 'reserveTickets', 'purchaseTickets', 'returnTicket', 'countAvailable'],
];

/** Orders for one event, and what the other services say of them. */
export class Buying {
  private constructor(
    private readonly api: TicketApi,
    readonly event: SeededEvent,
  ) {}

  static async at(api: TicketApi, tenantId: string): Promise<Buying> {
    return new Buying(api, await addEvent(api.db, tenantId, { maxPerOrder: 6 }));
  }

  /** @returns the order's id */
  async order(as: Identity, quantity: number): Promise<string> {
    const items = [{ ticketTypeId: this.event.typeId, quantity }];
    const headers = { 'idempotency-key': uuid() };
    const { body } = await this.api.call('POST', '/orders', {
      as,
      headers,
      body: { eventId: this.event.eventId, items },
    });
    return body.id;
  }

  /** The payment service says that its whole price is there. */
  async pay(orderId: string): Promise<void> {
    const sql = 'select total from orders where id = $1';
    const [order] = await this.api.db.asOwner<{ total: string }>(sql, [orderId]);
    const amount = { amount: Number(order?.total), currency: 'EUR' };
    await this.hear(
      (handler) => handler.handle([envelope({ orderId, paymentId: uuid(), amount })]),
      OnPaymentSucceeded,
    );
  }

  /** The notification service says that a mail about the order was sent. */
  async noteMail(orderId: string, recipient: string): Promise<void> {
    const data = { orderId, mailId: uuid(), kind: 'order-confirmed', recipient };
    await this.hear((handler) => handler.sent([envelope(data)]), OnMailProgress);
  }

  async read(orderId: string, as: Identity) {
    return (await this.api.call('GET', `/orders/${orderId}`, { as })).body;
  }

  async taken(): Promise<number> {
    const sql = 'select taken from stock_counters where event_id = $1';
    return Number((await this.api.db.asOwner<{ taken: string }>(sql, [this.event.eventId]))[0]?.taken);
  }

  private hear<Handler>(work: (handler: Handler) => Promise<unknown>, type: Type<Handler>): Promise<unknown> {
    const handler = this.api.app.get(type, { strict: false });
    return this.api.db.database.asTenant(this.event.tenantId, () => work(handler));
  }
}

const envelope = <Data>(data: Data) => {
  const ids = { id: uuid(), correlationId: uuid() };
  return { ...ids, type: '', tenantId: '', occurredAt: new Date().toISOString(), data };
};
