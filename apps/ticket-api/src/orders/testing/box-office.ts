import { expect } from '@jest/globals';
import type { Type } from '@nestjs/common';
import type { Identity } from '@app/auth';
import type {
  DataOf,
  Envelope,
  paymentDisputeClosed,
  paymentDisputed,
  paymentRefunded,
  paymentRefundFailed,
} from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { AuthorizationModule } from '../../authorization/authorization.module.js';
import { openTicketApi, type GivenConfig, type TicketApi } from '../../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, addTicketType } from '../../testing/seed.js';
import { OnPaymentDisputed } from '../on-payment-disputed/on-payment-disputed.js';
import { OnPaymentRefunded } from '../on-payment-refunded/on-payment-refunded.js';
import { OnPaymentSucceeded } from '../on-payment-succeeded/on-payment-succeeded.js';
import { OrdersModule } from '../orders.module.js';

/** Of every ticket here. */
export const PRICE = 4500;
export const money = (amount: number) => ({ amount, currency: 'EUR' });

interface People {
  buyer: Identity;
  other: Identity;
  organizer: Identity;
  scanner: Identity;
}

/** Orders on a database of their own, and an event of ten tickets, six an order, to sell. */
export class BoxOffice {
  eventId!: string;
  typeId!: string;

  private constructor(
    readonly api: TicketApi,
    readonly people: People,
    readonly tenantId: string,
  ) {}

  /** @param more features beside orders, and the tags or ids of their operations */
  static async open(
    given: GivenConfig = {},
    more: { features: Type[]; tags: string[] } = { features: [], tags: [] },
  ): Promise<BoxOffice> {
    const api = await openTicketApi(
      [AuthorizationModule, OrdersModule, ...more.features],
      [
        ...['orders', 'bookings', 'catalogue', 'reserveTickets', 'purchaseTickets', 'returnTicket', 'countAvailable'],
        ...more.tags,
      ],
      async (databaseUrl) => ({
        maxHoldsPerBuyer: 3,
        ...(typeof given === 'function' ? await given(databaseUrl) : given),
      }),
    );
    const person = (name: string) => addPerson(api.db, name);
    const people = {
      buyer: await person('Bea'),
      other: await person('Otto'),
      organizer: await person('Olga'),
      scanner: await person('Sam'),
    };
    const { organizer, scanner } = people;
    return new BoxOffice(api, people, await addOrganization(api.db, { organizer, scanner }));
  }

  close(): Promise<void> {
    return this.api.close();
  }

  /** A new event that nobody has bought for. */
  async announce(): Promise<void> {
    const stock = { capacity: 10, maxPerOrder: 6 };
    Object.assign(this, await addEvent(this.api.db, this.tenantId, { startsIn: '9 days', lasts: '1 day', ...stock }));
  }

  /** One more ticket type of the event, which is not on sale any more. @returns its id */
  async addClosedType(): Promise<string> {
    const sale = { capacity: 5, salesEndAt: new Date(Date.now() - 1000) };
    return (await addTicketType(this.api.db, this, sale)).typeId;
  }

  /** A part of ticket-api: a timer, or the handler of a message. */
  get<Part>(part: Type<Part>): Part {
    return this.api.app.get(part, { strict: false });
  }

  wish(quantity = 1) {
    return { eventId: this.eventId, items: [{ ticketTypeId: this.typeId, quantity }] };
  }

  place(quantity = 1, as = this.people.buyer, headers = {}) {
    return this.api.call('POST', '/orders', { as, body: this.wish(quantity), headers });
  }

  async read(orderId: string, as = this.people.buyer) {
    return (await this.api.call('GET', `/orders/${orderId}`, { as })).body;
  }

  /** What other services were told of an order. */
  async told(type: string, orderId: string) {
    return (await this.api.told(type)).filter((data) => data.orderId === orderId);
  }

  /** What a message's handler does in its transaction. */
  hear(work: () => Promise<void>): Promise<void> {
    return this.api.db.database.asTenant(this.tenantId, work);
  }

  /** The payment service says that money is there. */
  paid(orderId: string, paymentId = uuid(), amount = PRICE): Promise<void> {
    return this.get(OnPaymentSucceeded).handle(this.group({ orderId, paymentId, amount: money(amount) }));
  }

  /** … that it went back. */
  refunded(refund: DataOf<typeof paymentRefunded>): Promise<void> {
    const [message] = this.group(refund);
    return this.get(OnPaymentRefunded).refunded(refund, message!);
  }

  /** … that it did not go back after all. */
  refundFailed(refund: DataOf<typeof paymentRefundFailed>): Promise<void> {
    const [message] = this.group(refund);
    return this.get(OnPaymentRefunded).failed(refund, message!);
  }

  /** … that the payer disputes the payment. */
  disputed(dispute: DataOf<typeof paymentDisputed>): Promise<void> {
    const [message] = this.group(dispute);
    return this.get(OnPaymentDisputed).disputed(dispute, message!);
  }

  /** … that the bank has decided. */
  disputeClosed(dispute: DataOf<typeof paymentDisputeClosed>): Promise<void> {
    const [message] = this.group(dispute);
    return this.get(OnPaymentDisputed).closed(dispute, message!);
  }

  /** Messages with these data, as the handler of a group gets them. */
  group<Data>(...data: Data[]): Envelope<Data>[] {
    const { tenantId } = this;
    const occurredAt = new Date().toISOString();
    return data.map((each) => ({ id: uuid(), type: '', tenantId, occurredAt, correlationId: uuid(), data: each }));
  }

  /** The hold has ended that many seconds ago. */
  async age(orderId: string, seconds: number): Promise<void> {
    const sql = 'update orders set expires_at = now() - make_interval(secs => $2) where id = $1';
    await this.api.db.asOwner(sql, [orderId, seconds]);
  }

  async taken(): Promise<string | undefined> {
    const sql = 'select sum(taken) as taken from stock_counters where event_id = $1';
    return (await this.api.db.asOwner<{ taken: string }>(sql, [this.eventId]))[0]?.taken;
  }

  /** I1 and I2 of docs, for this event. */
  async invariants(): Promise<void> {
    const count = async (sql: string) =>
      Number((await this.api.db.asOwner<{ wrong: string }>(sql, [this.eventId]))[0]?.wrong);
    expect({ stock: await count(WRONG_STOCK), tickets: await count(WRONG_TICKETS) }).toEqual({ stock: 0, tickets: 0 });
  }
}

const WRONG_STOCK = `
  select count(*) as wrong from stock_counters c where c.event_id = $1 and (c.taken < 0 or c.taken > c.capacity or c.taken <> coalesce(
    (select sum(i.quantity - i.returned) from order_items i join orders o using (tenant_id)
     where o.id = i.order_id and i.counter_id = c.id and o.status in ('pending', 'confirmed')), 0))`;

const WRONG_TICKETS = `
  select count(*) as wrong from orders o
  where o.event_id = $1 and (select count(*) from tickets t where t.order_id = o.id and t.status not in ('void', 'listed'))
    <> case when o.status = 'confirmed' then (select sum(i.quantity - i.returned) from order_items i where i.order_id = o.id) else 0 end`;
