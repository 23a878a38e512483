import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { v7 as uuid } from 'uuid';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { ExpireOrders } from './expire-orders/expire-orders.js';
import { EndOrdersOfCancelledEvents } from './cancel-event/end-orders-of-cancelled-events.js';
import { OnPaymentEnded } from './on-payment-ended/on-payment-ended.js';
import { OnPaymentOpened } from './on-payment-opened/on-payment-opened.js';
import { OnPaymentRefunded } from './on-payment-refunded/on-payment-refunded.js';
import { OnPaymentSucceeded } from './on-payment-succeeded/on-payment-succeeded.js';
import { OrdersModule } from './orders.module.js';

const PRICE = 4500;

describe('orders', () => {
  let api: TicketApi;
  const tenantId = uuid();
  const people = { buyer: someone('Bea'), other: someone('Otto'), organizer: someone('Olga'), scanner: someone('Sam') };
  let eventId: string;
  let typeId: string;

  function someone(name: string): Identity {
    const userId = uuid();
    return {
      userId,
      name,
      email: `${name.toLowerCase()}-${userId}@example.org`,
      emailVerified: true,
      sessionId: uuid(),
    };
  }

  beforeAll(async () => {
    api = await openTicketApi(
      [AuthorizationModule, OrdersModule],
      ['orders', 'bookings', 'catalogue', 'reserveTickets', 'purchaseTickets', 'returnTicket', 'countAvailable'],
      { maxHoldsPerBuyer: 3 },
    );
    for (const { userId, name, email } of Object.values(people))
      await api.db.asOwner(`insert into users (id, email, password_hash, name) values ($1, $2, '', $3)`, [
        userId,
        email,
        name,
      ]);
    await api.db.asOwner(`insert into organizations (tenant_id, name, slug) values ($1, 'Green Hall', 'green-hall')`, [
      tenantId,
    ]);
    for (const role of ['organizer', 'scanner'] as const)
      await api.db.asOwner(`insert into members (tenant_id, user_id, role) values ($1, $2, $3)`, [
        tenantId,
        people[role].userId,
        role,
      ]);
  });
  afterAll(() => api?.close());

  beforeEach(async () => {
    [eventId, typeId] = [uuid(), uuid()];
    await api.db.asOwner(
      `insert into events (id, tenant_id, title, status, venue_name, starts_at, ends_at, timezone, refundable_until)
       values ($1, $2, 'Jazz', 'published', 'Hall', now() + interval '9 days', now() + interval '10 days', 'UTC', now() + interval '9 days')`,
      [eventId, tenantId],
    );
    await addType(typeId, 10, PRICE);
  });

  async function addType(id: string, capacity: number, price: number, more: Record<string, unknown> = {}) {
    const counterId = uuid();
    await api.db.asOwner(`insert into stock_counters (id, tenant_id, event_id, capacity) values ($1, $2, $3, $4)`, [
      counterId,
      tenantId,
      eventId,
      capacity,
    ]);
    await api.db.asOwner(
      `insert into ticket_types (id, tenant_id, event_id, counter_id, name, price, currency, max_per_order, sales_end_at) values ($1, $2, $3, $4, 'Standing', $5, 'EUR', 6, $6)`,
      [id, tenantId, eventId, counterId, price, more.salesEndAt ?? null],
    );
  }

  const taken = async () =>
    (
      await api.db.asOwner<{ taken: string }>('select sum(taken) as taken from stock_counters where event_id = $1', [
        eventId,
      ])
    )[0]?.taken;
  const wish = (quantity = 1) => ({ eventId, items: [{ ticketTypeId: typeId, quantity }] });
  const place = (quantity = 1, as = people.buyer, headers = {}) =>
    api.call('POST', '/orders', { as, body: wish(quantity), headers });
  const read = async (id: string, as = people.buyer) => (await api.call('GET', `/orders/${id}`, { as })).body;
  const told = async (type: string, orderId: string) =>
    (await api.told(type)).filter((data) => data.orderId === orderId);
  /** What a message's handler does in its transaction. */
  const hear = (work: () => Promise<void>) => api.db.database.asTenant(tenantId, work);
  const money = (amount: number) => ({ amount, currency: 'EUR' });
  const paid = (orderId: string, paymentId = uuid(), amount = PRICE) =>
    api.app.get(OnPaymentSucceeded, { strict: false }).handle({ orderId, paymentId, amount: money(amount) });
  const age = (orderId: string, seconds: number) =>
    api.db.asOwner(`update orders set expires_at = now() - make_interval(secs => $2) where id = $1`, [
      orderId,
      seconds,
    ]);

  /** I1 and I2 of docs, for this event. */
  async function invariants() {
    const [stock] = await api.db.asOwner<{ wrong: string }>(
      `select count(*) as wrong from stock_counters c where c.event_id = $1 and (c.taken < 0 or c.taken > c.capacity or c.taken <> coalesce(
         (select sum(i.quantity - i.returned) from order_items i join orders o using (tenant_id) where o.id = i.order_id and i.counter_id = c.id and o.status in ('pending', 'confirmed')), 0))`,
      [eventId],
    );
    const [tickets] = await api.db.asOwner<{ wrong: string }>(
      `select count(*) as wrong from orders o where o.event_id = $1 and (select count(*) from tickets t where t.order_id = o.id and t.status <> 'void')
         <> case when o.status = 'confirmed' then (select sum(i.quantity - i.returned) from order_items i where i.order_id = o.id) else 0 end`,
      [eventId],
    );
    expect({ stock: Number(stock?.wrong), tickets: Number(tickets?.wrong) }).toEqual({ stock: 0, tickets: 0 });
  }

  it('a hold takes its stock and tells payment-service what is owed, together', async () => {
    const { status, body } = await place(2);
    expect(status).toBe(201);
    expect(await taken()).toBe('2');
    expect(await told('order.reserved.v1', body.id)).toMatchObject([
      {
        total: money(2 * PRICE),
        buyer: { id: people.buyer.userId, email: people.buyer.email },
        event: { id: eventId },
      },
    ]);
    await invariants();
  });

  it('what is refused leaves no trace: no stock, no order, no message', async () => {
    const before = (await api.told('order.reserved.v1')).length;
    expect(await place(7)).toMatchObject({
      status: 409,
      body: { code: 'limit-exceeded', limit: 'maxPerOrder', allowed: 6 },
    });
    await place(6);
    expect(await place(5)).toMatchObject({
      status: 409,
      body: { code: 'sold-out', available: [{ ticketTypeId: typeId, available: 4 }] },
    });
    expect(await taken()).toBe('6');
    expect((await api.told('order.reserved.v1')).length).toBe(before + 1);
    await invariants();
  });

  it('more than one payment can move is refused before anything is held', async () => {
    await api.db.asOwner('update ticket_types set price = 99999999 where id = $1', [typeId]);
    expect(await place(2)).toMatchObject({ status: 409, body: { code: 'limit-exceeded', limit: 'maxTotal' } });
    expect(await taken()).toBe('0');
  });

  it('a buyer has only so many open holds for an event', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => place()));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.find(({ status }) => status !== 201)).toMatchObject({
      body: { code: 'limit-exceeded', limit: 'maxHoldsPerBuyer' },
    });
  });

  it('nothing is sold outside its time, of a draft, or of another event', async () => {
    const closed = uuid();
    await addType(closed, 5, PRICE, { salesEndAt: new Date(Date.now() - 1000) });
    const wishOf = (ticketTypeId: string) => ({
      as: people.buyer,
      body: { eventId, items: [{ ticketTypeId, quantity: 1 }] },
    });
    expect(await api.call('POST', '/orders', wishOf(closed))).toMatchObject({
      status: 409,
      body: { code: 'sales-closed' },
    });
    expect(await api.call('POST', '/orders', wishOf(uuid()))).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'items.0.ticketTypeId' }] },
    });
    await api.db.asOwner(`update events set status = 'draft' where id = $1`, [eventId]);
    expect(await place()).toMatchObject({ status: 404 });
    expect(await place(1, people.organizer)).toMatchObject({ status: 409, body: { code: 'sales-closed' } });
  });

  it('hard case 28: the price at the time of the hold is what is paid', async () => {
    const { body } = await place();
    await api.db.asOwner('update ticket_types set price = 9900 where id = $1', [typeId]);
    await hear(() => paid(body.id));
    expect(await read(body.id)).toMatchObject({ status: 'confirmed', total: money(PRICE) });
  });

  it('hard cases 1, 2 and 4: a payment told twice, or an end told after it, changes nothing', async () => {
    const { body } = await place(2);
    const paymentId = uuid();
    await hear(() => paid(body.id, paymentId, 2 * PRICE));
    await hear(() => paid(body.id, paymentId, 2 * PRICE));
    await hear(() => api.app.get(OnPaymentEnded, { strict: false }).expired({ orderId: body.id, paymentId }));
    await hear(() => api.app.get(OnPaymentEnded, { strict: false }).failed({ orderId: body.id, paymentId }));
    expect(await read(body.id)).toMatchObject({ status: 'confirmed', tickets: [{}, {}] });
    expect(await told('order.confirmed.v1', body.id)).toHaveLength(1);
    expect(await told('order.unfulfillable.v1', body.id)).toHaveLength(0);
    await invariants();
  });

  it('hard case 5: paid after the hold ended, stock free: taken again and confirmed', async () => {
    const { body } = await place(2);
    await age(body.id, 1);
    await api.app.get(ExpireOrders, { strict: false }).look();
    expect(await read(body.id)).toMatchObject({ status: 'expired', reason: 'hold-expired' });
    expect(await taken()).toBe('0');
    await hear(() => paid(body.id, uuid(), 2 * PRICE));
    expect(await read(body.id)).toMatchObject({ status: 'confirmed', tickets: [{}, {}] });
    expect(await taken()).toBe('2');
    await invariants();
  });

  it('hard case 6: paid after the hold ended, stock gone: everything goes back, once, and nobody is oversold', async () => {
    const { body } = await place(6);
    await age(body.id, 1);
    await api.app.get(ExpireOrders, { strict: false }).look();
    await place(6, people.other);
    const paymentId = uuid();
    await hear(() => paid(body.id, paymentId, 6 * PRICE));
    await hear(() => paid(body.id, paymentId, 6 * PRICE));
    const [refund, ...others] = await told('order.unfulfillable.v1', body.id);
    expect(others).toEqual([]);
    expect(refund).toMatchObject({ paymentId, amount: money(6 * PRICE), reason: 'sold-out' });
    expect(await read(body.id)).toMatchObject({ status: 'expired', refundPending: money(6 * PRICE), tickets: [] });
    await hear(() =>
      api.app
        .get(OnPaymentRefunded, { strict: false })
        .refunded({ orderId: body.id, paymentId, refundId: refund.refundId, amount: money(6 * PRICE) }),
    );
    await hear(() =>
      api.app
        .get(OnPaymentRefunded, { strict: false })
        .refunded({ orderId: body.id, paymentId, refundId: refund.refundId, amount: money(6 * PRICE) }),
    );
    expect(await read(body.id)).toMatchObject({
      status: 'expired',
      refunded: money(6 * PRICE),
      refundPending: money(0),
    });
    await invariants();
  });

  it('hard cases 8, 14 and 42: money that buys nothing goes back and the order stays as it is', async () => {
    const [cancelled, twice, desk] = [(await place()).body.id, (await place()).body.id, (await place()).body.id];
    await api.call('POST', `/orders/${cancelled}/cancel`, { as: people.buyer });
    await api.call('PUT', `/mgmt/bookings/${desk}/confirm`, { as: people.organizer });
    await hear(() => paid(twice));
    for (const id of [cancelled, twice, desk]) await hear(() => paid(id));
    expect((await told('order.unfulfillable.v1', cancelled))[0]).toMatchObject({ reason: 'order-cancelled' });
    for (const id of [twice, desk])
      expect((await told('order.unfulfillable.v1', id))[0]).toMatchObject({ reason: 'paid-twice' });
    expect(await read(cancelled)).toMatchObject({ status: 'cancelled', reason: 'buyer' });
    expect(await read(desk)).toMatchObject({ status: 'confirmed', tickets: [{}] });
    await invariants();
  });

  it('a payment of another amount or currency buys nothing', async () => {
    const { body } = await place();
    await hear(() => paid(body.id, uuid(), PRICE - 1));
    expect((await told('order.unfulfillable.v1', body.id))[0]).toMatchObject({
      reason: 'amount-mismatch',
      amount: money(PRICE - 1),
    });
    expect(await read(body.id)).toMatchObject({ status: 'pending', tickets: [] });
  });

  it('an open checkout session gives the hold its grace: it ends 20 s later, or on the word of the payment', async () => {
    const [waiting, over] = [(await place()).body.id, (await place()).body.id];
    for (const orderId of [waiting, over])
      await hear(() => api.app.get(OnPaymentOpened, { strict: false }).handle({ orderId, paymentId: uuid() }));
    await age(waiting, 10);
    await age(over, 21);
    await api.app.get(ExpireOrders, { strict: false }).look();
    expect((await read(waiting)).status).toBe('pending');
    expect((await read(over)).status).toBe('expired');
    await hear(() => api.app.get(OnPaymentEnded, { strict: false }).expired({ orderId: waiting, paymentId: uuid() }));
    expect(await read(waiting)).toMatchObject({ status: 'expired', reason: 'hold-expired' });
    await invariants();
  });

  it('a hold that cannot be ended does not keep the others waiting', async () => {
    const [broken, sound] = [(await place()).body.id, (await place()).body.id];
    await age(broken, 9);
    await age(sound, 1);
    // Its stock would fall below zero, which the counter refuses.
    await api.db.asOwner('update order_items set quantity = 1000 where order_id = $1', [broken]);
    await api.app.get(ExpireOrders, { strict: false }).look();
    expect([(await read(broken)).status, (await read(sound)).status]).toEqual(['pending', 'expired']);
    await api.db.asOwner('update order_items set quantity = 1 where order_id = $1', [broken]);
    await api.app.get(ExpireOrders, { strict: false }).look();
    await invariants();
  });

  it('the timer and the payment both want the order: one of them wins, and it adds up', async () => {
    const ids = await Promise.all([place(), place(), place()]).then((answers) =>
      answers.map(({ body }) => body.id as string),
    );
    for (const id of ids) await age(id, 1);
    await Promise.all([api.app.get(ExpireOrders, { strict: false }).look(), ...ids.map((id) => hear(() => paid(id)))]);
    for (const id of ids) expect((await read(id)).status).toBe('confirmed');
    await invariants();
  });

  it('a refund: tickets void and stock back with the answer, the money follows to the cent, once', async () => {
    const { body } = await place(3);
    await hear(() => paid(body.id, uuid(), 3 * PRICE));
    const { tickets } = await read(body.id);
    const partly = await api.call('POST', `/orders/${body.id}/refund`, {
      as: people.buyer,
      body: { ticketIds: [tickets[0].id] },
      headers: { 'idempotency-key': 'r' },
    });
    expect(partly).toMatchObject({ status: 202, body: { status: 'confirmed', refundPending: money(PRICE) } });
    const again = await api.call('POST', `/orders/${body.id}/refund`, {
      as: people.buyer,
      body: { ticketIds: [tickets[0].id] },
      headers: { 'idempotency-key': 'r' },
    });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await taken()).toBe('2');
    await invariants();
    const whole = await api.call('POST', `/orders/${body.id}/refund`, { as: people.organizer });
    expect(whole).toMatchObject({ status: 202, body: { status: 'refunded', refundPending: money(3 * PRICE) } });
    const requests = await told('order.refund-requested.v1', body.id);
    expect(requests.map(({ amount }) => amount.amount)).toEqual([PRICE, 2 * PRICE]);
    for (const { refundId, amount } of requests)
      await hear(() =>
        api.app
          .get(OnPaymentRefunded, { strict: false })
          .refunded({ orderId: body.id, paymentId: uuid(), refundId, amount }),
      );
    expect(await read(body.id)).toMatchObject({ refunded: money(3 * PRICE), refundPending: money(0) });
    expect((await api.call('POST', `/orders/${body.id}/refund`, { as: people.buyer })).body.code).toBe(
      'nothing-to-refund',
    );
    await invariants();
  });

  it("a refund made in the provider's dashboard: the books say so, and what is wholly paid back admits nobody", async () => {
    const { body } = await place(2);
    const paymentId = uuid();
    await hear(() => paid(body.id, paymentId, 2 * PRICE));
    const byHand = (amount: number, refundId = uuid()) =>
      hear(() =>
        api.app
          .get(OnPaymentRefunded, { strict: false })
          .refunded({ orderId: body.id, paymentId, refundId, amount: money(amount) }),
      );
    const first = uuid();
    await byHand(PRICE, first);
    await byHand(PRICE, first);
    expect(await read(body.id)).toMatchObject({ status: 'confirmed', refunded: money(PRICE), refundPending: money(0) });
    // Of the second ticket's price only what is left of the payment can go back.
    const refunded = await api.call('POST', `/orders/${body.id}/refund`, { as: people.buyer });
    expect(refunded.body).toMatchObject({ status: 'refunded', refundPending: money(PRICE) });
    expect((await told('order.refund-requested.v1', body.id)).map(({ amount }) => amount.amount)).toEqual([PRICE]);
    await invariants();

    const other = (await place(2)).body.id;
    const payment = uuid();
    await hear(() => paid(other, payment, 2 * PRICE));
    await hear(() =>
      api.app
        .get(OnPaymentRefunded, { strict: false })
        .refunded({ orderId: other, paymentId: payment, refundId: uuid(), amount: money(2 * PRICE) }),
    );
    expect(await read(other)).toMatchObject({
      status: 'refunded',
      refunded: money(2 * PRICE),
      tickets: [{ status: 'void' }, { status: 'void' }],
    });
    await invariants();
  });

  it('hard case 10: a refund that fails, also after it succeeded, is owed again; the tickets stay void', async () => {
    const { body } = await place(1);
    const paymentId = uuid();
    await hear(() => paid(body.id, paymentId));
    await api.call('POST', `/orders/${body.id}/refund`, { as: people.buyer });
    const [{ refundId }] = await told('order.refund-requested.v1', body.id);
    const facts = { orderId: body.id, paymentId, refundId, amount: money(PRICE) };
    const handler = api.app.get(OnPaymentRefunded, { strict: false });
    await hear(() => handler.refunded(facts));
    await hear(() => handler.failed({ ...facts, reason: 'account closed' }));
    await hear(() => handler.failed({ ...facts, reason: 'account closed' }));
    expect(await read(body.id)).toMatchObject({
      status: 'refunded',
      refunded: money(0),
      refundPending: money(PRICE),
      tickets: [{ status: 'void' }],
    });
    await hear(() => handler.refunded(facts));
    expect(await read(body.id)).toMatchObject({ refunded: money(PRICE), refundPending: money(0) });
  });

  it('every call that honours Idempotency-Key knows its own key again and refuses another request with it', async () => {
    const { body } = await place(1, people.buyer, { 'idempotency-key': 'used' });
    const confirmed = (await place(1)).body.id;
    await hear(() => paid(confirmed));
    const [ticket] = (await read(confirmed)).tickets;
    const calls: [method: string, path: string, as: Identity, sent?: unknown][] = [
      ['POST', '/orders', people.buyer, wish(2)],
      ['POST', '/tickets/reserve', people.buyer, wish()],
      ['POST', '/mgmt/bookings', people.buyer, wish()],
      ['POST', '/tickets/purchase', people.buyer, wish()],
      ['POST', '/tickets/purchase', people.buyer, { orderId: body.id }],
      ['POST', `/orders/${body.id}/cancel`, people.buyer],
      ['PUT', `/mgmt/bookings/${body.id}/cancel`, people.buyer],
      ['POST', `/orders/${confirmed}/refund`, people.buyer],
      ['PUT', `/mgmt/bookings/${confirmed}/refund`, people.buyer],
      ['DELETE', `/tickets/${ticket.id}`, people.buyer],
    ];
    for (const [method, path, as, sent] of calls)
      expect(await api.call(method, path, { as, body: sent, headers: { 'idempotency-key': 'used' } })).toMatchObject({
        status: 422,
        body: { code: 'idempotency-key-reused' },
      });
    const again = async (method: string, path: string, as: Identity, sent?: unknown) => {
      const request = { as, body: sent, headers: { 'idempotency-key': `${method} ${path}` } };
      const [first, second] = [await api.call(method, path, request), await api.call(method, path, request)];
      expect([first.status < 300, second.status === first.status, second.headers.get('idempotent-replayed')]).toEqual([
        true,
        true,
        'true',
      ]);
      expect(JSON.stringify(second.body)).toBe(JSON.stringify(first.body));
    };
    await again('POST', '/tickets/purchase', people.buyer, { orderId: body.id });
    await again('DELETE', `/tickets/${ticket.id}`, people.buyer);
    await again('PUT', `/mgmt/bookings/${body.id}/confirm`, people.organizer);
    await again('POST', `/events/${eventId}/cancel`, people.organizer);
  });

  it('after the deadline only the organizer takes tickets back; a used one nobody', async () => {
    const { body } = await place(2);
    await hear(() => paid(body.id, uuid(), 2 * PRICE));
    await api.db.asOwner(`update events set refundable_until = now() - interval '1 second' where id = $1`, [eventId]);
    const { tickets } = await read(body.id);
    await api.db.asOwner(`update tickets set status = 'checked_in', checked_in_at = now() where id = $1`, [
      tickets[0].id,
    ]);
    const refund = (as: Identity, ticketId: string) =>
      api.call('POST', `/orders/${body.id}/refund`, { as, body: { ticketIds: [ticketId] } });
    expect(await refund(people.buyer, tickets[1].id)).toMatchObject({ status: 409, body: { code: 'refund-closed' } });
    expect(await refund(people.organizer, tickets[0].id)).toMatchObject({
      status: 409,
      body: { code: 'ticket-checked-in' },
    });
    expect(await refund(people.organizer, uuid())).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'ticketIds.0' }] },
    });
    expect(await refund(people.organizer, tickets[1].id)).toMatchObject({ status: 202 });
    await invariants();
  });

  it('many refunds of one order at once give each ticket back once', async () => {
    const { body } = await place(5);
    await hear(() => paid(body.id, uuid(), 5 * PRICE));
    const { tickets } = await read(body.id);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        api.call('POST', `/orders/${body.id}/refund`, {
          as: people.buyer,
          body: { ticketIds: [tickets[index % 5].id] },
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(5);
    expect(await read(body.id)).toMatchObject({ status: 'refunded', refundPending: money(5 * PRICE) });
    expect(await taken()).toBe('0');
    await invariants();
  });

  it('what was free, or paid at the desk, is undone without payment-service', async () => {
    const desk = (await place(2)).body.id;
    expect((await api.call('PUT', `/mgmt/bookings/${desk}/confirm`, { as: people.organizer })).body).toMatchObject({
      status: 'confirmed',
    });
    expect((await api.call('PUT', `/mgmt/bookings/${desk}/confirm`, { as: people.organizer })).status).toBe(200);
    const refunded = await api.call('PUT', `/mgmt/bookings/${desk}/refund`, { as: people.organizer });
    expect(refunded).toMatchObject({
      status: 202,
      body: { status: 'refunded', refunded: money(2 * PRICE), refundPending: money(0) },
    });
    expect(await told('order.refund-requested.v1', desk)).toEqual([]);
    const other = (await place(1)).body.id;
    await api.call('PUT', `/mgmt/bookings/${other}/confirm`, { as: people.organizer });
    expect((await api.call('PUT', `/mgmt/bookings/${other}/cancel`, { as: people.organizer })).body).toMatchObject({
      status: 'cancelled',
      reason: 'organizer',
    });
    expect(await taken()).toBe('0');
    await invariants();
  });

  it('a paid order is not cancelled but refunded; an ended one is told so', async () => {
    const { body } = await place();
    await hear(() => paid(body.id));
    expect((await api.call('POST', `/orders/${body.id}/cancel`, { as: people.buyer })).body.code).toBe(
      'refund-required',
    );
    await api.call('POST', `/orders/${body.id}/refund`, { as: people.buyer });
    expect((await api.call('POST', `/orders/${body.id}/cancel`, { as: people.buyer })).body.code).toBe('order-ended');
    expect((await api.call('PUT', `/mgmt/bookings/${body.id}/confirm`, { as: people.organizer })).body.code).toBe(
      'order-ended',
    );
  });

  it('a cancelled event: sales stop, holds end, what was paid goes back, also what comes later', async () => {
    const [held, bought, late] = [
      (await place(1)).body.id,
      (await place(2, people.other)).body.id,
      (await place(1)).body.id,
    ];
    await hear(() => paid(bought, uuid(), 2 * PRICE));
    const [ticket] = (await read(bought, people.other)).tickets;
    await api.db.asOwner(`update tickets set status = 'checked_in', checked_in_at = now() where id = $1`, [ticket.id]);
    await api.db.asOwner(`update events set status = 'cancelled' where id = $1`, [eventId]);
    await hear(() => paid(late));
    expect(await read(late)).toMatchObject({
      status: 'cancelled',
      reason: 'event-cancelled',
      refundPending: money(PRICE),
    });
    expect(await place()).toMatchObject({ status: 409, body: { code: 'sales-closed' } });
    for (let look = 0; look < 2; look += 1) await api.app.get(EndOrdersOfCancelledEvents, { strict: false }).look();
    expect(await read(held)).toMatchObject({ status: 'cancelled', reason: 'event-cancelled' });
    expect(await read(bought, people.other)).toMatchObject({
      status: 'refunded',
      reason: 'event-cancelled',
      refundPending: money(2 * PRICE),
    });
    const [event] = await api.db.asOwner<{ done: boolean }>(
      'select orders_ended_at is not null as done from events where id = $1',
      [eventId],
    );
    expect(event?.done).toBe(true);
    expect(await taken()).toBe('0');
    await invariants();
  });

  it("another person's order does not exist; a scanner sees no orders; the organizer may read it", async () => {
    const { body } = await place();
    for (const as of [people.other, people.scanner]) {
      expect((await api.call('GET', `/orders/${body.id}`, { as })).status).toBe(404);
      expect((await api.call('POST', `/orders/${body.id}/cancel`, { as })).status).toBe(404);
      expect((await api.call('PUT', `/mgmt/bookings/${body.id}/confirm`, { as })).status).toBe(404);
    }
    expect((await api.call('PUT', `/mgmt/bookings/${body.id}/confirm`, { as: people.buyer })).status).toBe(403);
    expect((await api.call('GET', `/orders/${body.id}`, { as: people.organizer })).status).toBe(200);
  });

  it('my orders come newest first, page by page, whatever is added meanwhile', async () => {
    const reader = someone('Rita');
    await api.db.asOwner(`insert into users (id, email, password_hash, name) values ($1, $2, '', $3)`, [
      reader.userId,
      reader.email,
      reader.name,
    ]);
    const made: string[] = [];
    for (let count = 0; count < 3; count += 1) made.unshift((await place(1, reader)).body.id);
    const first = (await api.call('GET', '/orders?limit=2', { as: reader })).body;
    await api.call('POST', `/orders/${made[0]}/cancel`, { as: reader });
    await place(1, reader);
    const second = (await api.call('GET', `/orders?limit=2&cursor=${first.nextCursor}`, { as: reader })).body;
    expect([...first.data, ...second.data].map(({ id }: { id: string }) => id)).toEqual(made);
    expect(second.nextCursor).toBeNull();
  });

  it("bookings by event: one's own as `me`, another's for the organizer of the events, nobody else's", async () => {
    const { body } = await place();
    const of = (userId: string, as: Identity) => api.call('GET', `/mgmt/bookings/user/${userId}`, { as });
    const groups = (answer: { body: any }) => answer.body.data.filter((group: any) => group.event.id === eventId);
    for (const answer of [await of('me', people.buyer), await of(people.buyer.userId, people.organizer)])
      expect(groups(answer)).toMatchObject([{ event: { id: eventId, title: 'Jazz' }, bookings: [{ id: body.id }] }]);
    expect((await of(people.buyer.userId, people.other)).status).toBe(403);
    expect((await of(people.buyer.userId, people.scanner)).status).toBe(403);
  });

  it('hard case 41: payment-service can ask what is owed before any message reached it', async () => {
    const { body } = await place(2);
    const payable = await api.callInternally(`/internal/orders/${body.id}/payable`);
    expect(payable).toMatchObject({
      status: 200,
      body: { tenantId, status: 'pending', order: { orderId: body.id, total: money(2 * PRICE) } },
    });
    expect((await api.callInternally(`/internal/orders/${uuid()}/payable`)).status).toBe(404);
    await age(body.id, 1);
    expect((await api.callInternally(`/internal/orders/${body.id}/payable`)).body.status).toBe('expired');
  });
});
