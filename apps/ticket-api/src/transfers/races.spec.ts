import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { EndOrdersOfCancelledEvents } from '../orders/cancel-event/end-orders-of-cancelled-events.js';
import { meanwhile, type Statement } from '../testing/meanwhile.js';
import type { Answer } from '../testing/open-ticket-api.js';
import { untilWaiting } from '../testing/until-waiting.js';
import { Hands } from './testing/hands.js';
import { TransferStore } from './transfer.store.js';
import type { StoredTransfer } from './transfer.js';

let hands: Hands;
beforeAll(async () => {
  hands = await Hands.open();
});
afterAll(() => hands?.api.close());
beforeEach(() => hands.refresh());

/** What the calls answer that wait for a transaction of somebody else, which does `work` and commits when so many wait. */
async function waitingFor(work: Statement, calls: readonly (() => Promise<Answer>)[]): Promise<Answer[]> {
  let answers: Promise<Answer>[] = [];
  await hands.api.db.database.asTenant(hands.event.tenantId, async (other) => {
    await other.execute(...work);
    answers = calls.map((call) => call());
    await untilWaiting(hands.api.db, calls.length);
  });
  return Promise.all(answers);
}
const held = (ticketId: string): Statement => ['select from tickets where id = $1 for no key update', [ticketId]];
const said = ({ status, body }: Answer) => `${status} ${body?.code ?? body?.status ?? ''}`.trim();
const refund = (orderId: string, as: Hands['ada'], ticketIds?: string[]) =>
  hands.api.call('POST', `/orders/${orderId}/refund`, { as, body: ticketIds ? { ticketIds } : {} });

/** One holder, as many versions as transfers, and no open offer of a ticket that is not to be had. */
async function invariants(ticketId: string): Promise<void> {
  const [{ wrong }] = (await hands.api.db.asOwner<{ wrong: number }>(
    `select count(*)::int as wrong from tickets t where t.id = $1 and (
       t.holder_version <> 1 + (select count(*) from transfers x where x.ticket_id = t.id and x.status = 'accepted')
         + case when t.status = 'void' then 1 else 0 end
       or t.holder_id <> coalesce((select x.to_user from transfers x where x.ticket_id = t.id and x.status = 'accepted' order by ended_at desc limit 1),
         (select user_id from orders o where o.id = t.order_id))
       or t.status <> 'valid' and exists (select from transfers x where x.ticket_id = t.id and x.status = 'pending'))`,
    [ticketId],
  )) as [{ wrong: number }];
  expect(wrong).toBe(0);
}

describe('hard case 24: a ticket that changes hands at the very moment', () => {
  it('when somebody enters with it is used or handed on, never both', async () => {
    const seen = new Set<string>();
    for (let round = 0; round < 6; round += 1) {
      const { ticketId, transferId } = await hands.offered();
      const code = await hands.code(ticketId, hands.ada);
      const calls = [() => hands.accept(transferId), () => hands.enter(ticketId, code)];
      if (round % 2) calls.reverse();
      const answers = await waitingFor(held(ticketId), calls);
      if (round % 2) answers.reverse();
      const outcome = answers.map(said).join(', ');
      expect(['200 accepted, 409 invalid-code', '409 transfer-ended, 200 checked_in']).toContain(outcome);
      seen.add(outcome);
      await invariants(ticketId);
    }
    expect(seen.size).toBeGreaterThan(0);
  });

  it('is not taken by who comes after the gate, though the offer was seen open', async () => {
    const { ticketId, transferId } = await hands.offered();
    const entering = `update tickets set status = 'checked_in', checked_in_at = now() where id = $1`;
    const [answer] = await waitingFor([entering, [ticketId]], [() => hands.accept(transferId)]);
    expect(answer).toMatchObject({ status: 409, body: { code: 'transfer-ended', reason: 'ticket-checked-in' } });
    expect(await hands.row(ticketId)).toMatchObject({ holder_id: hands.ada.userId, holder_version: 1 });
    await invariants(ticketId);
  });

  it('does not admit who held it before, though the code was good when it was read', async () => {
    const { ticketId, transferId } = await hands.offered();
    const code = await hands.code(ticketId, hands.ada);
    let scan: Promise<Answer> | undefined;
    await hands.api.db.database.asTenant(hands.event.tenantId, async (other) => {
      await other.execute('update tickets set holder_id = $2, holder_version = 2 where id = $1', [
        ticketId,
        hands.bob.userId,
      ]);
      const accepted = `update transfers set status = 'accepted', to_user = $2, ended_at = now(), told_at = now() where id = $1`;
      await other.execute(accepted, [transferId, hands.bob.userId]);
      scan = hands.enter(ticketId, code);
      await untilWaiting(hands.api.db, 1);
    });
    expect(said(await scan!)).toBe('409 invalid-code');
    expect((await hands.enter(ticketId, await hands.code(ticketId, hands.bob))).status).toBe(200);
    await invariants(ticketId);
  });

  it('is not offered by who comes after the gate, though the ticket was seen valid', async () => {
    const ticketId = await hands.ticket();
    const entering = `update tickets set status = 'checked_in', checked_in_at = now() where id = $1`;
    const [answer] = await waitingFor([entering, [ticketId]], [() => hands.offer(ticketId, hands.bob)]);
    expect(said(answer!)).toBe('409 ticket-checked-in');
    await invariants(ticketId);
  });

  it.each([
    ['that was used', {}, `status = 'checked_in', checked_in_at = now()`],
    ['of another holder', { from: 'bob' }, ''],
    ['of another version', { holderVersion: 7 }, ''],
  ] as const)('does not change hands, by the statement alone, a ticket %s', async (_, change, withTicket) => {
    const { ticketId } = await hands.offered();
    if (withTicket) await hands.api.db.asOwner(`update tickets set ${withTicket} where id = $1`, [ticketId]);
    const given = { holderVersion: 1, ...change };
    const from = { id: hands['from' in change ? change.from : 'ada'].userId, name: '' };
    const handed = await hands.api.db.database.asTenant(hands.event.tenantId, () =>
      hands.api.app
        .get(TransferStore, { strict: false })
        .handOver({ ...given, ticketId, from } as StoredTransfer, hands.bob.userId),
    );
    expect(handed).toBe(false);
    expect(await hands.row(ticketId)).toMatchObject({ holder_id: hands.ada.userId, holder_version: 1 });
  });

  it('gives its code to nobody who held it when the call came and does not when it is read', async () => {
    const { ticketId, transferId } = await hands.offered();
    await hands.accept(transferId);
    const { ReadCodes } = await import('../tickets/read-codes.js');
    const { PrintableTickets } = await import('../tickets/printable-ticket.js');
    const of = <Part>(part: new (...given: never[]) => Part) => hands.api.app.get<Part>(part, { strict: false });
    const { tenantId } = hands.event;
    for (const read of ['ofPaper', 'ofNow'] as const)
      await expect(of(ReadCodes)[read]({ tenantId, ticketId, holderId: hands.ada.userId })).rejects.toThrow(
        'does not exist',
      );
    expect(await of(PrintableTickets).one(tenantId, ticketId, hands.ada.userId)).toBeUndefined();
    expect(await of(PrintableTickets).one(tenantId, ticketId, hands.bob.userId)).toMatchObject({ holder: 'Bob' });
  });
});

describe('a ticket that is offered and', () => {
  it('given back by its buyer at that moment is void or handed on, never both', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { orderId, ticketIds } = await hands.bought();
      const ticketId = ticketIds[0]!;
      const transferId = (await hands.offer(ticketId, hands.bob)).body.id;
      const calls = [() => hands.accept(transferId), () => refund(orderId, hands.ada)];
      if (round % 2) calls.reverse();
      const answers = await waitingFor(held(ticketId), calls);
      if (round % 2) answers.reverse();
      expect(['200 accepted, 409 ticket-transferred', '409 transfer-ended, 202 refunded']).toContain(
        answers.map(said).join(', '),
      );
      await invariants(ticketId);
    }
  });

  it('given back by itself, or by the organizer, ends the offer', async () => {
    for (const giveBack of [
      (ticketId: string) => hands.api.call('DELETE', `/tickets/${ticketId}`, { as: hands.ada }),
      (ticketId: string) => hands.api.call('DELETE', `/tickets/${ticketId}`, { as: hands.organizer }),
    ]) {
      const { ticketId, transferId } = await hands.offered();
      const answers = await waitingFor(held(ticketId), [() => giveBack(ticketId)]);
      expect(answers.map(({ status }) => status)).toEqual([202]);
      expect((await hands.accept(transferId)).body).toMatchObject({ code: 'transfer-ended', reason: 'ticket-void' });
      await invariants(ticketId);
    }
  });

  it('of an event that is cancelled is void in the end, whoever holds it', async () => {
    const { ticketId, transferId } = await hands.offered();
    const path = `/events/${hands.event.eventId}/cancel`;
    const [cancelled, accepted] = await Promise.all([
      hands.api.call('POST', path, { as: hands.organizer }),
      hands.accept(transferId),
    ]);
    expect(cancelled.status).toBe(202);
    expect(['200 accepted', '409 transfers-closed', '409 transfer-ended']).toContain(said(accepted));
    await hands.api.app.get(EndOrdersOfCancelledEvents, { strict: false }).look();
    expect(await hands.row(ticketId)).toMatchObject({ status: 'void' });
    expect((await hands.read(transferId)).body.status).not.toBe('pending');
    await invariants(ticketId);
  });

  it('frozen at that moment, for its payment is disputed, is not taken', async () => {
    const { ticketId, transferId } = await hands.offered();
    const freezing = `update tickets set status = 'frozen' where id = $1`;
    const [answer] = await waitingFor([freezing, [ticketId]], [() => hands.accept(transferId)]);
    expect(answer!.body).toMatchObject({ code: 'transfer-ended', reason: 'ticket-frozen' });
    await invariants(ticketId);
  });

  it('accepted by two accounts with the same proven e-mail has one holder', async () => {
    const { ticketId, transferId } = await hands.offered();
    const twin = await hands.person('Bob elsewhere');
    await hands.api.db.asOwner('update users set email = $2, external = true where id = $1', [
      twin.userId,
      hands.bob.email,
    ]);
    const answers = await waitingFor(held(ticketId), [
      () => hands.accept(transferId),
      () => hands.accept(transferId, twin),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await hands.row(ticketId)).toMatchObject({ holder_version: 2 });
    await invariants(ticketId);
  });

  it('accepted twice at once by the same person is answered twice the same', async () => {
    const { ticketId, transferId } = await hands.offered();
    const accept = () => hands.accept(transferId);
    const answers = await waitingFor(held(ticketId), [accept, accept]);
    expect(answers.map(said)).toEqual(['200 accepted', '200 accepted']);
    expect(await hands.told('ticket.transferred.v1', transferId)).toHaveLength(1);
    await invariants(ticketId);
  });

  it('accepted, declined and withdrawn at once has one end', async () => {
    const ends = new Set<string>();
    for (let round = 0; round < 8; round += 1) {
      const { ticketId, transferId } = await hands.offered();
      const calls = [
        () => hands.accept(transferId),
        () => hands.decline(transferId),
        () => hands.withdraw(transferId),
        () => hands.accept(transferId),
      ];
      const answers = await Promise.all(calls.map((_, index) => calls[(index + round) % calls.length]!()));
      const { status } = (await hands.read(transferId)).body;
      ends.add(status);
      // Who says the same a second time is answered as the first.
      expect(answers.filter(({ status: code }) => code < 300).length).toBe(status === 'accepted' ? 2 : 1);
      await invariants(ticketId);
    }
    expect(ends.size).toBeGreaterThan(0);
  });

  it('whose time is over at that moment is not taken: the timer and the answer are one after the other', async () => {
    const { ticketId, transferId } = await hands.offered();
    const ending = `update transfers set status = 'expired', reason = 'time', ended_at = now() where id = $1`;
    const [answer] = await waitingFor([ending, [transferId]], [() => hands.accept(transferId)]);
    expect(answer!.body).toMatchObject({ code: 'transfer-ended', outcome: 'expired' });
    expect(await hands.row(ticketId)).toMatchObject({ holder_id: hands.ada.userId, holder_version: 1 });
    await invariants(ticketId);
  });

  it('that is answered while the timer looks is left to the answer', async () => {
    const { ticketId, transferId } = await hands.offered();
    const other = await hands.offered();
    await hands.api.db.asOwner('update transfers set expires_at = now() where id = any($1)', [
      [transferId, other.transferId],
    ]);
    const answering = 'select from transfers where id = $1 for no key update';
    await meanwhile(hands.api.db, [[answering, [transferId]]], async () => void (await hands.look()));
    expect(await hands.told('ticket.transfer-ended.v1', other.transferId)).toHaveLength(1);
    expect(await hands.told('ticket.transfer-ended.v1', transferId)).toHaveLength(0);
    await hands.look();
    expect(await hands.told('ticket.transfer-ended.v1', transferId)).toHaveLength(1);
    await invariants(ticketId);
  });
});

describe('an account that is erased while its offer is answered', () => {
  const erase = (as: Hands['ada']) => hands.api.call('DELETE', '/users/me', { as });

  it('of who offers: the ticket is handed on before, or stays', async () => {
    for (let round = 0; round < 4; round += 1) {
      await hands.refresh();
      const { ticketId, transferId } = await hands.offered();
      const [erased, accepted] = await Promise.all([erase(hands.ada), hands.accept(transferId)]);
      expect(erased.status).toBe(204);
      expect(['200 accepted', '409 transfer-ended']).toContain(said(accepted));
      expect((await hands.read(transferId, hands.bob)).body.status).not.toBe('pending');
      await invariants(ticketId);
    }
  });

  it('of whom it is for: the ticket is theirs before, or never', async () => {
    for (let round = 0; round < 4; round += 1) {
      await hands.refresh();
      const { ticketId, transferId } = await hands.offered();
      const [erased, accepted] = await Promise.all([erase(hands.bob), hands.accept(transferId)]);
      expect(erased.status).toBe(204);
      expect(['200 accepted', '401 unauthenticated']).toContain(said(accepted));
      const { status, email } = (await hands.read(transferId)).body;
      expect([status, email]).toEqual([accepted.status === 200 ? 'accepted' : 'withdrawn', null]);
      await invariants(ticketId);
    }
  });

  it('neither offers nor is taken from in the seconds until its tokens end', async () => {
    const ticketId = await hands.ticket();
    expect((await erase(hands.ada)).status).toBe(204);
    expect((await hands.offer(ticketId, hands.bob)).status).toBe(401);
    expect((await hands.read(uuid(), hands.ada)).status).toBe(404);
  });
});

describe('refunds of tickets that were handed on', () => {
  it('hard case 12: the organizer gives them back, nobody else; the money goes to who paid', async () => {
    const { orderId, ticketIds } = await hands.bought(3);
    const [gone, kept] = ticketIds as [string, string, string];
    await hands.accept((await hands.offer(gone, hands.bob)).body.id);
    const transferred = { status: 409, body: { code: 'ticket-transferred' } };
    expect(await refund(orderId, hands.ada, [gone, kept])).toMatchObject(transferred);
    for (const as of [hands.bob])
      expect(await hands.api.call('DELETE', `/tickets/${gone}`, { as })).toMatchObject(transferred);
    expect((await hands.api.call('DELETE', `/tickets/${gone}`, { as: hands.ada })).status).toBe(404);
    expect((await refund(orderId, hands.bob)).status).toBe(404);

    const rest = await refund(orderId, hands.ada);
    expect(rest).toMatchObject({ status: 202, body: { status: 'confirmed', refundPending: { amount: 9000 } } });
    expect((await hands.row(gone)).status).toBe('valid');
    expect(await refund(orderId, hands.ada)).toMatchObject(transferred);

    const all = await refund(orderId, hands.organizer);
    expect(all).toMatchObject({ status: 202, body: { status: 'refunded', refundPending: { amount: 13_500 } } });
    const told = (await hands.api.told('order.refund-requested.v1')).filter((data) => data.orderId === orderId);
    expect(told.at(-1)).toMatchObject({ ticketIds: [gone], buyer: { id: hands.ada.userId } });
    const holders = (await hands.api.told('ticket.taken-back.v1')).filter(
      ({ event }) => event.id === hands.event.eventId,
    );
    expect(holders).toMatchObject([{ ticketId: gone, holder: { email: hands.bob.email }, reason: 'organizer' }]);
  });

  it('and came back to who paid are that person’s again', async () => {
    const { orderId, ticketIds } = await hands.bought();
    await hands.accept((await hands.offer(ticketIds[0]!, hands.bob)).body.id);
    await hands.accept((await hands.offer(ticketIds[0]!, hands.ada, hands.bob)).body.id, hands.ada);
    expect(await refund(orderId, hands.ada)).toMatchObject({ status: 202, body: { status: 'refunded' } });
  });

  it('of an order that cost nothing: its buyer does not cancel what somebody else holds', async () => {
    const { orderId, ticketIds } = await hands.bought(2);
    await hands.api.db.asOwner(`update orders set confirmed_how = 'desk' where id = $1`, [orderId]);
    await hands.accept((await hands.offer(ticketIds[0]!, hands.bob)).body.id);
    const cancel = (as: Hands['ada']) => hands.api.call('POST', `/orders/${orderId}/cancel`, { as });
    expect(await cancel(hands.ada)).toMatchObject({ status: 409, body: { code: 'ticket-transferred' } });
    expect(await hands.row(ticketIds[0]!)).toMatchObject({ status: 'valid' });
    const byOrganizer = await hands.api.call('PUT', `/mgmt/bookings/${orderId}/cancel`, { as: hands.organizer });
    expect(byOrganizer).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    const holders = (await hands.api.told('ticket.taken-back.v1')).filter(
      ({ event }) => event.id === hands.event.eventId,
    );
    expect(holders).toMatchObject([{ ticketId: ticketIds[0], holder: { email: hands.bob.email } }]);
  });
});

describe('whoever holds a ticket of a cancelled event', () => {
  it('hears of that as everybody does, and not of each ticket besides', async () => {
    const { ticketIds } = await hands.bought();
    await hands.accept((await hands.offer(ticketIds[0]!, hands.bob)).body.id);
    const cancelled = await hands.api.call('POST', `/events/${hands.event.eventId}/cancel`, { as: hands.organizer });
    expect(cancelled.status).toBe(202);
    await hands.api.app.get(EndOrdersOfCancelledEvents, { strict: false }).look();
    expect((await hands.row(ticketIds[0]!)).status).toBe('void');
    const of = (told: { event: { id: string } }[]) => told.filter(({ event }) => event.id === hands.event.eventId);
    expect(of(await hands.api.told('event.cancelled.v1'))).toHaveLength(1);
    expect(of(await hands.api.told('ticket.taken-back.v1'))).toEqual([]);
  });
});

describe('the buyer’s mail with the tickets', () => {
  const pdf = (path: string) => hands.api.callInternally(path, 'notification-service');

  it('has none that somebody else holds, in its file and in what it says', async () => {
    const { orderId, ticketIds } = await hands.bought(2);
    const before = await pdf(`/internal/orders/${orderId}/tickets.pdf`);
    await hands.accept((await hands.offer(ticketIds[0]!, hands.bob)).body.id);
    const after = await pdf(`/internal/orders/${orderId}/tickets.pdf`);
    const pages = ({ body }: Answer) => (body.toString('latin1').match(/\/Type \/Page\b(?!s)/g) ?? []).length;
    expect([pages(before), pages(after)]).toEqual([2, 1]);
    const resend = await hands.api.call('POST', `/orders/${orderId}/resend-mail`, { as: hands.organizer });
    expect(resend.status).toBe(202);
    const told = (await hands.api.told('order.mail-requested.v1')).filter((data) => data.orderId === orderId);
    expect(told).toMatchObject([{ ticketIds: [ticketIds[1]] }]);
    await hands.accept((await hands.offer(ticketIds[1]!, hands.bob)).body.id);
    expect((await pdf(`/internal/orders/${orderId}/tickets.pdf`)).status).toBe(404);
    const none = await hands.api.call('POST', `/orders/${orderId}/resend-mail`, { as: hands.organizer });
    expect(none).toMatchObject({ status: 409, body: { code: 'nothing-to-resend' } });
  });

  it('and the new holder’s have one page each, as long as the ticket is theirs', async () => {
    const { ticketId, transferId } = await hands.offered();
    const of = (holder: Hands['ada']) => pdf(`/internal/tickets/${ticketId}/ticket.pdf?holderId=${holder.userId}`);
    expect((await of(hands.bob)).status).toBe(404);
    await hands.accept(transferId);
    const { status, headers } = await of(hands.bob);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect((await of(hands.ada)).status).toBe(404);
    await hands.accept((await hands.offer(ticketId, hands.cleo, hands.bob)).body.id, hands.cleo);
    expect((await of(hands.bob)).status).toBe(404);
    await hands.api.db.asOwner(`update tickets set status = 'void' where id = $1`, [ticketId]);
    expect((await of(hands.cleo)).status).toBe(404);
  });
});
