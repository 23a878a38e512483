import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideRefund, type RefundableTicket, type RefundWish } from './refund.js';

const ticket = (id: string, status: RefundableTicket['status'] = 'valid', unitPrice = 100): RefundableTicket => ({
  id,
  ticketTypeId: 'type',
  status,
  unitPrice,
  repaid: status === 'void',
  transferred: false,
});
const all: RefundWish = { ticketIds: undefined, by: 'buyer', override: false, closed: false };

describe('a refund', () => {
  it('takes all that can be given back and leaves what was used', () => {
    const decision = decideRefund([ticket('a'), ticket('b', 'checked_in'), ticket('c', 'void')], all);
    expect(decision).toMatchObject({ granted: true, amount: 100, nothingLeft: false });
  });

  const another = (id: string, status: RefundableTicket['status'] = 'valid') => ({
    ...ticket(id, status),
    transferred: true,
  });

  it('hard case 12: by who paid leaves out what somebody else holds; the organizer takes all', () => {
    const tickets = [ticket('a'), another('b')];
    expect(decideRefund(tickets, all)).toMatchObject({ granted: true, tickets: [{ id: 'a' }], nothingLeft: false });
    for (const by of ['organizer', 'event-cancelled'] as const)
      expect(decideRefund(tickets, { ...all, by })).toMatchObject({ granted: true, amount: 200, nothingLeft: true });
  });

  it.each([
    ['by name', [ticket('a'), another('b')], ['a', 'b'], 'ticket-transferred'],
    ['by name, used', [another('b', 'checked_in')], ['b'], 'ticket-transferred'],
    ['when there is no other', [another('b'), ticket('a', 'void')], undefined, 'ticket-transferred'],
    ['when it is void', [another('b', 'void')], ['b'], 'nothing-to-refund'],
  ] as const)(
    'hard case 12: of a ticket that was handed on is refused to who paid, %s',
    (_, tickets, ticketIds, code) => {
      expect(decideRefund(tickets, { ...all, ticketIds })).toEqual({ granted: false, code });
    },
  );

  it('is whole when every ticket is back', () => {
    expect(decideRefund([ticket('a'), ticket('b', 'void')], all)).toMatchObject({ granted: true, nothingLeft: true });
  });

  it('after the deadline the buyer is refused and the organizer is not', () => {
    expect(decideRefund([ticket('a')], { ...all, closed: true })).toEqual({ granted: false, code: 'refund-closed' });
    expect(decideRefund([ticket('a')], { ...all, by: 'organizer', closed: true })).toMatchObject({ granted: true });
  });

  it.each([
    ['a used ticket by name', [ticket('a', 'checked_in')], ['a'], 'ticket-checked-in'],
    [
      'an order whose tickets are frozen, though one was used',
      [ticket('a', 'frozen'), ticket('b', 'checked_in')],
      undefined,
      'ticket-frozen',
    ],
    ['an order whose tickets were all used', [ticket('a', 'checked_in')], undefined, 'ticket-checked-in'],
    ['a frozen ticket', [ticket('a', 'frozen')], ['a'], 'ticket-frozen'],
    ['a frozen ticket beside a valid one', [ticket('a'), ticket('b', 'frozen')], ['a', 'b'], 'ticket-frozen'],
    ['what was given back already', [ticket('a', 'void')], ['a'], 'nothing-to-refund'],
    ['an order without tickets', [], undefined, 'nothing-to-refund'],
    ["another order's ticket", [ticket('a')], ['z'], 'unknown-ticket'],
  ] as const)('refuses %s', (_rule, tickets, ticketIds, code) => {
    expect(decideRefund(tickets, { ...all, ticketIds })).toMatchObject({ granted: false, code });
  });

  it('of a cancelled event takes used tickets too', () => {
    expect(decideRefund([ticket('a', 'checked_in')], { ...all, by: 'event-cancelled' })).toMatchObject({
      granted: true,
      amount: 100,
      nothingLeft: true,
    });
  });

  it('gives back what is up for resale, too, at its price', () => {
    const listed = ticket('a', 'listed');
    expect(decideRefund([listed, ticket('b', 'void')], all)).toMatchObject({
      ...{ granted: true, tickets: [listed], amount: listed.unitPrice, nothingLeft: true },
    });
  });

  it('of a cancelled event ends frozen tickets too, and leaves their money to the dispute', () => {
    const tickets = [ticket('a', 'frozen'), ticket('b', 'checked_in')];
    expect(decideRefund(tickets, { ...all, by: 'event-cancelled' })).toMatchObject({
      granted: true,
      tickets,
      amount: 100,
      nothingLeft: true,
    });
  });

  it("by an organizer's override pays for a used ticket once and leaves its seat taken", () => {
    const wish: RefundWish = { ...all, by: 'organizer', override: true, ticketIds: ['a', 'b'] };
    const [used, other] = [ticket('a', 'checked_in'), ticket('b')];
    expect(decideRefund([used, other], wish)).toEqual({
      ...{ granted: true, tickets: [other], kept: [used], amount: 200, nothingLeft: false },
    });
    const repaid = { ...used, repaid: true };
    expect(decideRefund([repaid, other], wish)).toMatchObject({ tickets: [other], kept: [], amount: 100 });
    expect(decideRefund([repaid], { ...wish, ticketIds: ['a'] })).toEqual({
      granted: false,
      code: 'nothing-to-refund',
    });
    expect(decideRefund([used, other], { ...wish, override: false })).toMatchObject({ code: 'ticket-checked-in' });
  });

  it('says of a used ticket whose price is back that it was given back, and gives back the others', () => {
    const wish: RefundWish = { ...all, ticketIds: ['a', 'b'] };
    const repaid = { ...ticket('a', 'checked_in'), repaid: true };
    for (const ticketIds of [['a'], undefined])
      expect(decideRefund([repaid], { ...wish, ticketIds })).toEqual({ granted: false, code: 'nothing-to-refund' });
    expect(decideRefund([repaid, ticket('b')], wish)).toMatchObject({ tickets: [{ id: 'b' }], kept: [], amount: 100 });
  });

  it('of a cancelled event pays nothing for a used ticket whose price is back, and takes its seat back', () => {
    const repaid = { ...ticket('a', 'checked_in'), repaid: true };
    const decision = decideRefund([repaid, ticket('b')], { ...all, by: 'event-cancelled' });
    expect(decision).toMatchObject({ granted: true, tickets: [repaid, { id: 'b' }], amount: 100, nothingLeft: true });
  });

  it('a ticket named twice is paid back once', () => {
    expect(decideRefund([ticket('a')], { ...all, ticketIds: ['a', 'a'] })).toMatchObject({
      granted: true,
      amount: 100,
    });
  });

  it('whatever the order of refunds, an order never gives back more than it was paid', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 8 }),
        fc.array(fc.subarray([0, 1, 2, 3, 4, 5, 6, 7])),
        (prices, wishes) => {
          let tickets = prices.map((price, index) => ticket(String(index), 'valid', price));
          let back = 0;
          for (const wish of wishes) {
            const decision = decideRefund(tickets, {
              ...all,
              ticketIds: wish.filter((index) => index < prices.length).map(String),
            });
            if (!decision.granted) continue;
            back += decision.amount;
            const ids = new Set(decision.tickets.map((one) => one.id));
            tickets = tickets.map((one) => (ids.has(one.id) ? { ...one, status: 'void' } : one));
          }
          expect(back).toBe(
            tickets.filter((one) => one.status === 'void').reduce((sum, one) => sum + one.unitPrice, 0),
          );
        },
      ),
    );
  });
});
