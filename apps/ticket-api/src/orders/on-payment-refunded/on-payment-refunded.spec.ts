import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { BoxOffice, money, PRICE } from '../testing/box-office.js';

let office: BoxOffice;
beforeAll(async () => {
  office = await BoxOffice.open();
});
afterAll(() => office?.close());
beforeEach(() => office.announce());

describe('money that went back', () => {
  it("a refund made in the provider's dashboard: the books say so, and what is wholly paid back admits nobody", async () => {
    const { body } = await office.place(2);
    const paymentId = uuid();
    await office.hear(() => office.paid(body.id, paymentId, 2 * PRICE));
    const byHand = (amount: number, refundId = uuid()) =>
      office.hear(() => office.refunded({ orderId: body.id, paymentId, refundId, amount: money(amount) }));
    const first = uuid();
    await byHand(PRICE, first);
    await byHand(PRICE, first);
    expect(await office.read(body.id)).toMatchObject({
      status: 'confirmed',
      refunded: money(PRICE),
      refundPending: money(0),
    });
    // Of the second ticket's price only what is left of the payment can go back.
    const refunded = await office.api.call('POST', `/orders/${body.id}/refund`, { as: office.people.buyer });
    expect(refunded.body).toMatchObject({ status: 'refunded', refundPending: money(PRICE) });
    expect((await office.told('order.refund-requested.v1', body.id)).map(({ amount }) => amount.amount)).toEqual([
      PRICE,
    ]);
    await office.invariants();

    const other = (await office.place(2)).body.id;
    const payment = uuid();
    await office.hear(() => office.paid(other, payment, 2 * PRICE));
    await office.hear(() =>
      office.refunded({ orderId: other, paymentId: payment, refundId: uuid(), amount: money(2 * PRICE) }),
    );
    expect(await office.read(other)).toMatchObject({
      status: 'refunded',
      refunded: money(2 * PRICE),
      tickets: [{ status: 'void' }, { status: 'void' }],
    });
    await office.invariants();
  });

  it('hard case 10: a refund that fails, also after it succeeded, is owed again; the tickets stay void', async () => {
    const { body } = await office.place(1);
    const paymentId = uuid();
    await office.hear(() => office.paid(body.id, paymentId));
    await office.api.call('POST', `/orders/${body.id}/refund`, { as: office.people.buyer });
    const [{ refundId }] = await office.told('order.refund-requested.v1', body.id);
    const facts = { orderId: body.id, paymentId, refundId, amount: money(PRICE) };
    await office.hear(() => office.refundFailed({ ...facts, reason: 'account closed' }));
    expect(await office.read(body.id)).toMatchObject({ refunded: money(0), refundPending: money(PRICE) });
    await office.hear(() => office.refunded(facts));
    await office.hear(() => office.refundFailed({ ...facts, reason: 'account closed' }));
    await office.hear(() => office.refundFailed({ ...facts, reason: 'account closed' }));
    expect(await office.read(body.id)).toMatchObject({
      status: 'refunded',
      refunded: money(0),
      refundPending: money(PRICE),
      tickets: [{ status: 'void' }],
    });
    await office.hear(() => office.refunded(facts));
    expect(await office.read(body.id)).toMatchObject({ refunded: money(PRICE), refundPending: money(0) });
  });
});

describe("a refund made in the provider's dashboard, heard of before its payment", () => {
  const heard = async (orderId: string, paymentId: string, amount: number) =>
    office.hear(() => office.refunded({ orderId, paymentId, refundId: uuid(), amount: money(amount), sequence: 1 }));

  it('of all of it leaves nobody a ticket', async () => {
    const { id } = (await office.place(2)).body;
    const paymentId = uuid();
    await heard(id, paymentId, PRICE);
    await heard(id, paymentId, PRICE);
    await office.hear(() => office.paid(id, paymentId, 2 * PRICE));
    expect(await office.read(id)).toMatchObject({
      status: 'refunded',
      refunded: money(2 * PRICE),
      refundPending: money(0),
      tickets: [{ status: 'void' }, { status: 'void' }],
    });
    await office.invariants();
  });

  it('of a part of it leaves the tickets, and of their price what is left can go back', async () => {
    const { id } = (await office.place(2)).body;
    const paymentId = uuid();
    await heard(id, paymentId, 100);
    await office.hear(() => office.paid(id, paymentId, 2 * PRICE));
    expect(await office.read(id)).toMatchObject({
      status: 'confirmed',
      tickets: [{ status: 'valid' }, { status: 'valid' }],
    });
    await office.api.call('POST', `/orders/${id}/refund`, { as: office.people.buyer });
    expect((await office.told('order.refund-requested.v1', id)).map(({ amount }) => amount)).toEqual([
      money(2 * PRICE - 100),
    ]);
    await office.invariants();
  });

  it.each([
    ['a part of it: the rest goes back', [100], 2 * PRICE - 100],
    ['parts of it: the rest goes back', [100, 200], 2 * PRICE - 300],
    ['all of it: nothing more goes back', [2 * PRICE], 0],
  ])('and that then buys nothing, of %s', async (_, parts, left) => {
    const { id } = (await office.place(2)).body;
    const paymentId = uuid();
    await office.api.call('POST', `/orders/${id}/cancel`, { as: office.people.buyer });
    for (const part of parts) await heard(id, paymentId, part);
    for (let copies = 0; copies < 2; copies++) await office.hear(() => office.paid(id, paymentId, 2 * PRICE));
    expect((await office.told('order.unfulfillable.v1', id)).map(({ amount }) => amount)).toEqual(
      left > 0 ? [money(left)] : [],
    );
    expect(await office.read(id)).toMatchObject({ refunded: money(2 * PRICE - left), refundPending: money(left) });
    await office.invariants();
  });

  it('is shown in all its parts when it came after money that bought nothing', async () => {
    const { id } = (await office.place(1)).body;
    const paymentId = uuid();
    await office.api.call('POST', `/orders/${id}/cancel`, { as: office.people.buyer });
    await office.hear(() => office.paid(id, paymentId, PRICE));
    const [{ refundId }] = await office.told('order.unfulfillable.v1', id);
    const facts = { orderId: id, paymentId, refundId, amount: money(PRICE), reason: 'charge_disputed', sequence: 1 };
    await office.hear(() => office.refundFailed(facts));
    await heard(id, paymentId, 100);
    await heard(id, paymentId, 200);
    expect(await office.read(id)).toMatchObject({ refunded: money(300) });
  });
});

describe('hard case 10: a refund that failed and is then made by hand', () => {
  const tickets = async (orderId: string) =>
    (await office.read(orderId)).tickets.map(({ status }: { status: string }) => status).sort();
  /** One of two tickets was given back, and its money did not move. */
  const failed = async () => {
    const { id: orderId, paymentId } = await bought(2);
    const [ticket] = (await office.read(orderId)).tickets;
    await office.api.call('DELETE', `/tickets/${ticket.id}`, { as: office.people.buyer });
    const [{ refundId }] = await office.told('order.refund-requested.v1', orderId);
    const facts = { orderId, paymentId, refundId, amount: money(PRICE) };
    await office.hear(() => office.refundFailed({ ...facts, reason: 'account closed', sequence: 1 }));
    const other = (amount: number) => ({ orderId, paymentId, refundId: uuid(), amount: money(amount), sequence: 1 });
    return { orderId, facts, other };
  };
  const bought = async (quantity: number) => {
    const { id } = (await office.place(quantity)).body;
    const paymentId = uuid();
    await office.hear(() => office.paid(id, paymentId, quantity * PRICE));
    return { id: id as string, paymentId };
  };

  it.each([
    ['after', 0],
    ['before', 1],
  ])(
    'in another amount: it counts once, and the other ticket stays, when the refund is settled %s that is heard',
    async (_, turn) => {
      const { orderId, facts, other } = await failed();
      const byHand = other(PRICE + 100);
      const settled = { ...facts, covered: money(PRICE), sequence: 2 };
      const news = turn === 0 ? [byHand, settled, settled] : [settled, settled, byHand];
      for (const message of news) await office.hear(() => office.refunded(message));
      expect(await office.read(orderId)).toMatchObject({ refunded: money(PRICE + 100), refundPending: money(0) });
      expect(await tickets(orderId)).toEqual(['valid', 'void']);
      await office.invariants();
      // Of the other ticket's price what is left can go back.
      await office.api.call('POST', `/orders/${orderId}/refund`, { as: office.people.buyer });
      const asked = await office.told('order.refund-requested.v1', orderId);
      expect(asked.map(({ amount }) => amount.amount)).toEqual([PRICE, PRICE - 100]);
    },
  );

  it('in parts, when nothing of the order is left: they count once, and the order stays as it ended', async () => {
    const { id: orderId, paymentId } = await bought(2);
    await office.api.call('POST', `/orders/${orderId}/refund`, { as: office.people.buyer });
    const [{ refundId }] = await office.told('order.refund-requested.v1', orderId);
    const facts = { orderId, paymentId, refundId, amount: money(2 * PRICE) };
    await office.hear(() => office.refundFailed({ ...facts, reason: 'account closed', sequence: 1 }));
    for (const amount of [PRICE - 1, PRICE + 1])
      await office.hear(() => office.refunded({ ...facts, refundId: uuid(), amount: money(amount), sequence: 1 }));
    await office.hear(() => office.refunded({ ...facts, covered: money(2 * PRICE), sequence: 2 }));
    expect(await office.read(orderId)).toMatchObject({
      ...{ status: 'refunded', refunded: money(2 * PRICE), refundPending: money(0) },
    });
    await office.invariants();
  });

  it('otherwise, and then at the provider as well, counts once, and leaves nobody a ticket', async () => {
    const { orderId, facts, other } = await failed();
    await office.hear(() => office.refunded({ ...facts, sequence: 2 }));
    const whole = { ...other(2 * PRICE), covered: money(PRICE), sequence: 1 };
    for (const message of [whole, whole]) await office.hear(() => office.refunded(message));
    expect(await office.read(orderId)).toMatchObject({
      ...{ status: 'refunded', refunded: money(2 * PRICE), refundPending: money(0) },
    });
    expect(await tickets(orderId)).toEqual(['void', 'void']);
    await office.invariants();
  });

  it('besides which all the rest goes back leaves nobody a ticket, whichever was last', async () => {
    const { orderId, facts, other } = await failed();
    for (const amount of [PRICE - 100, 100]) await office.hear(() => office.refunded(other(amount)));
    expect(await tickets(orderId)).toEqual(['valid', 'void']);
    await office.hear(() => office.refunded({ ...facts, sequence: 2 }));
    expect(await office.read(orderId)).toMatchObject({ status: 'refunded', refunded: money(2 * PRICE) });
    expect(await tickets(orderId)).toEqual(['void', 'void']);
    await office.invariants();
  });
});

describe('what payment-service says of a refund in another order than it happened', () => {
  const given = async () => {
    const { body } = await office.place(1);
    const paymentId = uuid();
    await office.hear(() => office.paid(body.id, paymentId));
    const facts = (refundId: string) => ({ orderId: body.id, paymentId, refundId, amount: money(PRICE) });
    return { orderId: body.id as string, facts };
  };
  const asked = async () => {
    const { orderId, facts } = await given();
    await office.api.call('POST', `/orders/${orderId}/refund`, { as: office.people.buyer });
    const [{ refundId }] = await office.told('order.refund-requested.v1', orderId);
    return { orderId, facts: facts(refundId) };
  };
  const reason = 'account closed';

  it('hard case 10: a failure that comes after the success of a later try does not count', async () => {
    const { orderId, facts } = await asked();
    const back = { refunded: money(PRICE), refundPending: money(0) };
    await office.hear(() => office.refunded({ ...facts, sequence: 2 }));
    for (let copies = 0; copies < 2; copies++)
      await office.hear(() => office.refundFailed({ ...facts, reason, sequence: 1 }));
    // From a replica of the release before, which gave no numbers.
    await office.hear(() => office.refundFailed({ ...facts, reason }));
    expect(await office.read(orderId)).toMatchObject(back);
    await office.hear(() => office.refunded({ ...facts, sequence: 4 }));
    await office.hear(() => office.refundFailed({ ...facts, reason, sequence: 3 }));
    expect(await office.read(orderId)).toMatchObject(back);
  });

  it('hard case 10: a success that comes after its own failure does not count', async () => {
    const { orderId, facts } = await asked();
    await office.hear(() => office.refundFailed({ ...facts, reason, sequence: 2 }));
    await office.hear(() => office.refunded({ ...facts, sequence: 1 }));
    const owed = { refunded: money(0), refundPending: money(PRICE), tickets: [{ status: 'void' }] };
    expect(await office.read(orderId)).toMatchObject(owed);
  });

  it("hard case 10: the failure of a refund made in the provider's dashboard waits for its success", async () => {
    const { orderId, facts } = await given();
    const refund = facts(uuid());
    const failure = () => office.hear(() => office.refundFailed({ ...refund, reason, sequence: 2 }));
    await expect(failure()).rejects.toThrow('has not been heard yet');
    await office.hear(() => office.refunded({ ...refund, sequence: 1 }));
    await failure();
    await office.hear(() => office.refunded({ ...refund, sequence: 1 }));
    expect(await office.read(orderId)).toMatchObject({
      status: 'refunded',
      refunded: money(0),
      refundPending: money(PRICE),
    });
    // One that never succeeded was no news here.
    await office.hear(() => office.refundFailed({ ...facts(uuid()), reason, sequence: 1 }));
    expect(await office.read(orderId)).toMatchObject({ refundPending: money(PRICE) });
  });
});
