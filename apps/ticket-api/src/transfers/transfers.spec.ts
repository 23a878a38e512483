import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { addEvent, addTickets } from '../testing/seed.js';
import { TellEnded } from './tell-ended.js';
import { Hands } from './testing/hands.js';
import { MOST_OFFERS } from './transfer.js';

let hands: Hands;
beforeAll(async () => {
  hands = await Hands.open();
});
afterAll(() => hands?.api.close());
beforeEach(() => hands.refresh());

const DAY = 86_400_000;

describe('offering a ticket', () => {
  it('is for its holder, to any address, whatever its case, and changes nothing for the ticket', async () => {
    const ticketId = await hands.ticket();
    const code = await hands.code(ticketId, hands.ada);
    const { status, body } = await hands.offer(ticketId, 'Nobody.Yet@Example.ORG');
    expect([status, body]).toEqual([
      201,
      {
        id: expect.any(String),
        ...{ ticketId, eventId: hands.event.eventId, email: 'nobody.yet@example.org', status: 'pending' },
        ...{ from: { id: hands.ada.userId, name: 'Ada' }, to: null },
        ...{ expiresAt: expect.any(String), createdAt: expect.any(String) },
      },
    ]);
    expect(Date.parse(body.expiresAt) - Date.parse(body.createdAt)).toBe(7 * DAY);
    expect(await hands.row(ticketId)).toMatchObject({ holder_id: hands.ada.userId, holder_version: 1 });
    expect((await hands.enter(ticketId, code)).status).toBe(200);
    expect(await hands.told('ticket.transfer-offered.v1', body.id)).toMatchObject([
      {
        ...{ ticketId, email: 'nobody.yet@example.org', expiresAt: body.expiresAt },
        from: { id: hands.ada.userId, name: 'Ada', email: hands.ada.email },
        event: { id: hands.event.eventId, title: 'Jazz' },
      },
    ]);
  });

  it('is nobody else’s: not an organizer’s, a scanner’s or a stranger’s', async () => {
    const ticketId = await hands.ticket();
    for (const as of [hands.organizer, hands.scanner, hands.bob])
      expect((await hands.offer(ticketId, hands.cleo, as)).status).toBe(404);
  });

  it('lasts until the event ends, when that is sooner', async () => {
    const soon = await addEvent(hands.api.db, hands.event.tenantId, { startsIn: '1 day', lasts: '1 hour' });
    const { body } = await hands.offer(await hands.ticket(soon), hands.bob);
    const { body: event } = await hands.api.call('GET', `/events/${soon.eventId}`);
    expect(body.expiresAt).toBe(event.endsAt);
  });

  it.each([
    [`status = 'void'`, 'ticket-void'],
    [`status = 'checked_in', checked_in_at = now()`, 'ticket-checked-in'],
    [`status = 'frozen'`, 'ticket-frozen'],
  ])('of a ticket with %s → %s', async (change, code) => {
    const ticketId = await hands.ticket();
    await hands.api.db.asOwner(`update tickets set ${change} where id = $1`, [ticketId]);
    expect(await hands.offer(ticketId, hands.bob)).toMatchObject({ status: 409, body: { code } });
  });

  it.each([
    ['cancelled', `status = 'cancelled'`],
    ['over', `starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour'`],
    ['hidden, for its organization is suspended', 'suspended = true'],
    ['one whose organizer does not allow it', 'transfers_allowed = false'],
  ])('for an event that is %s is closed, and so is accepting', async (_, change) => {
    const { transferId } = await hands.offered();
    const ticketId = await hands.ticket();
    await hands.api.db.asOwner(`update events set ${change} where id = $1`, [hands.event.eventId]);
    expect(await hands.offer(ticketId, hands.bob)).toMatchObject({ status: 409, body: { code: 'transfers-closed' } });
    expect(await hands.accept(transferId)).toMatchObject({ status: 409, body: { code: 'transfers-closed' } });
    expect((await hands.withdraw(transferId)).status).toBe(204);
  });

  it('to oneself is refused, in whatever case', async () => {
    const { status, body } = await hands.offer(await hands.ticket(), hands.ada.email.toUpperCase());
    expect([status, body.errors]).toEqual([422, [{ path: 'email', message: 'is your own' }]]);
  });

  it('has one open offer at a time, also when ten are made at once', async () => {
    const ticketId = await hands.ticket();
    const answers = await Promise.all(Array.from({ length: 10 }, () => hands.offer(ticketId, hands.bob)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
    expect(answers.filter(({ body }) => body.code === 'transfer-pending')).toHaveLength(9);
  });

  it(`can be done ${MOST_OFFERS} times a day with one ticket`, async () => {
    const ticketId = await hands.ticket();
    for (let time = 0; time < MOST_OFFERS; time += 1)
      expect((await hands.withdraw((await hands.offer(ticketId, hands.bob)).body.id)).status).toBe(204);
    const again = await hands.offer(ticketId, hands.bob);
    expect(again).toMatchObject({ status: 409, body: { code: 'limit-exceeded' } });
    await hands.api.db.asOwner(`update transfers set created_at = now() - interval '25 hours' where ticket_id = $1`, [
      ticketId,
    ]);
    expect((await hands.offer(ticketId, hands.bob)).status).toBe(201);
  });

  it('to one address is slowed down, whoever does it and with however many tickets', async () => {
    const { ticketIds } = await hands.bought(21);
    const statuses = [];
    for (const ticketId of ticketIds) statuses.push((await hands.offer(ticketId, hands.bob)).status);
    expect(statuses).toEqual([...Array(20).fill(201), 429]);
    const { ticketIds: others } = await addTickets(hands.api.db, hands.event, hands.cleo, 1);
    expect((await hands.offer(others[0]!, hands.bob, hands.cleo)).status).toBe(429);
    expect((await hands.offer(others[0]!, hands.ada, hands.cleo)).status).toBe(201);
  });

  it('that is sent again with its key is one offer', async () => {
    const ticketId = await hands.ticket();
    const headers = { 'idempotency-key': uuid() };
    const first = await hands.offer(ticketId, hands.bob, hands.ada, headers);
    const again = await hands.offer(ticketId, hands.bob, hands.ada, headers);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });
});

describe('accepting', () => {
  it('makes whom it was offered to the holder; the old code dies and the new one admits', async () => {
    const { ticketId, transferId } = await hands.offered();
    const old = await hands.code(ticketId, hands.ada);
    const { status, body } = await hands.accept(transferId);
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ id: transferId, status: 'accepted', to: { id: hands.bob.userId, name: 'Bob' } }),
    ]);
    expect(await hands.row(ticketId)).toEqual({ holder_id: hands.bob.userId, holder_version: 2, status: 'valid' });
    expect(await hands.enter(ticketId, old)).toMatchObject({ status: 409, body: { code: 'invalid-code' } });
    expect((await hands.enter(ticketId, await hands.code(ticketId, hands.bob))).status).toBe(200);
    expect(await hands.told('ticket.transferred.v1', transferId)).toMatchObject([
      { ticketId, from: { email: hands.ada.email }, to: { id: hands.bob.userId, email: hands.bob.email } },
    ]);
  });

  it('takes code, file and ticket from who had it; the order still shows it', async () => {
    const { ticketIds, orderId } = await hands.bought();
    const ticketId = ticketIds[0]!;
    await hands.accept((await hands.offer(ticketId, hands.bob)).body.id);
    for (const file of ['', '/qr', '/qrcode', '/pdf'])
      expect([file, (await hands.api.call('GET', `/tickets/${ticketId}${file}`, { as: hands.ada })).status]).toEqual([
        file,
        404,
      ]);
    expect((await hands.api.call('GET', '/tickets', { as: hands.ada })).body.data).toEqual([]);
    expect((await hands.api.call('GET', '/tickets', { as: hands.bob })).body.data).toMatchObject([{ id: ticketId }]);
    const order = await hands.api.call('GET', `/orders/${orderId}`, { as: hands.ada });
    expect(order.body.tickets).toMatchObject([{ id: ticketId, holder: { name: 'Bob' } }]);
    expect((await hands.api.call('GET', `/orders/${orderId}`, { as: hands.bob })).status).toBe(404);
  });

  it('again is answered as the first time; by anybody else it is not found', async () => {
    const { ticketId, transferId } = await hands.offered();
    expect((await hands.accept(transferId, hands.cleo)).status).toBe(404);
    expect((await hands.accept(uuid(), hands.bob)).status).toBe(404);
    expect((await hands.accept(transferId, hands.ada)).status).toBe(403);
    const [first, again] = [await hands.accept(transferId), await hands.accept(transferId)];
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(await hands.row(ticketId)).toMatchObject({ holder_version: 2 });
    expect(await hands.told('ticket.transferred.v1', transferId)).toHaveLength(1);
  });

  it('takes a proven e-mail, and until then nothing of the offer is shown', async () => {
    const dora = await hands.person('Dora', false);
    const { body } = await hands.offer(await hands.ticket(), dora);
    for (const answer of [await hands.accept(body.id, dora), await hands.decline(body.id, dora)])
      expect(answer).toMatchObject({ status: 403, body: { code: 'email-not-verified' } });
    expect((await hands.read(body.id, dora)).body.code).toBe('email-not-verified');
    expect((await hands.mine(dora)).data).toEqual([]);
    await hands.api.db.asOwner('update users set email_verified_at = now() where id = $1', [dora.userId]);
    expect((await hands.mine(dora, '?direction=incoming')).data).toMatchObject([{ id: body.id, status: 'pending' }]);
    expect((await hands.accept(body.id, dora)).status).toBe(200);
  });

  it('of an offer to an address without an account is done by who signs up with it and proves it', async () => {
    const email = `${uuid()}@example.org`;
    const { body } = await hands.offer(await hands.ticket(), email);
    const password = 'correct horse battery';
    const signedUp = await hands.api.call('POST', '/auth/signup', { body: { email, password, name: 'Eve' } });
    const eve = { ...hands.ada, userId: signedUp.body.id, email, emailVerified: false };
    expect((await hands.mine(eve)).data).toEqual([]);
    await hands.api.db.asOwner('update users set email_verified_at = now() where id = $1', [eve.userId]);
    expect((await hands.mine(eve)).data).toMatchObject([{ id: body.id, from: { name: 'Ada' } }]);
    expect((await hands.accept(body.id, eve)).status).toBe(200);
  });

  it('lets the new holder hand it on, and back', async () => {
    const { ticketId, transferId } = await hands.offered();
    await hands.accept(transferId);
    expect((await hands.offer(ticketId, hands.cleo)).status).toBe(404);
    const on = await hands.offer(ticketId, hands.cleo, hands.bob);
    expect((await hands.accept(on.body.id, hands.cleo)).status).toBe(200);
    const back = await hands.offer(ticketId, hands.ada, hands.cleo);
    expect((await hands.accept(back.body.id, hands.ada)).status).toBe(200);
    expect(await hands.row(ticketId)).toMatchObject({ holder_id: hands.ada.userId, holder_version: 4 });
  });
});

describe('the end of an offer', () => {
  it('declined: the ticket stays whose it is, who offered it is told, and saying it twice is saying it once', async () => {
    const { ticketId, transferId } = await hands.offered();
    expect((await hands.decline(transferId, hands.ada)).status).toBe(403);
    expect((await hands.decline(transferId, hands.cleo)).status).toBe(404);
    const declined = { status: 200, body: { status: 'declined', reason: 'addressee', to: null } };
    expect([await hands.decline(transferId), await hands.decline(transferId)]).toMatchObject([declined, declined]);
    expect(await hands.told('ticket.transfer-ended.v1', transferId)).toMatchObject([
      { status: 'declined', from: { email: hands.ada.email }, email: hands.bob.email },
    ]);
    expect(await hands.row(ticketId)).toMatchObject({ holder_id: hands.ada.userId, holder_version: 1 });
    expect(await hands.accept(transferId)).toMatchObject({
      status: 409,
      body: { code: 'transfer-ended', outcome: 'declined' },
    });
    expect((await hands.withdraw(transferId)).body.code).toBe('transfer-ended');
  });

  it('withdrawn by who made it, twice as once, and by nobody else', async () => {
    const { ticketId, transferId } = await hands.offered();
    expect((await hands.withdraw(transferId, hands.bob)).status).toBe(403);
    expect((await hands.withdraw(transferId, hands.cleo)).status).toBe(404);
    expect([(await hands.withdraw(transferId)).status, (await hands.withdraw(transferId)).status]).toEqual([204, 204]);
    expect(await hands.told('ticket.transfer-ended.v1', transferId)).toMatchObject([{ status: 'withdrawn' }]);
    expect((await hands.accept(transferId)).body).toMatchObject({ code: 'transfer-ended', reason: 'holder' });
    expect((await hands.decline(transferId)).body.code).toBe('transfer-ended');
    expect((await hands.offer(ticketId, hands.cleo)).status).toBe(201);
  });

  it('accepted: it is not withdrawn any more', async () => {
    const { transferId } = await hands.offered();
    await hands.accept(transferId);
    expect(await hands.withdraw(transferId)).toMatchObject({ status: 409, body: { code: 'transfer-ended' } });
  });

  it('in time, by the database’s clock, whether the timer has looked or not; the timer tells it once', async () => {
    const { ticketId, transferId } = await hands.offered();
    await hands.api.db.asOwner(`update transfers set expires_at = now() - interval '1 second' where id = $1`, [
      transferId,
    ]);
    const expired = { status: 'expired', reason: 'time', endedAt: expect.any(String) };
    expect((await hands.read(transferId)).body).toMatchObject(expired);
    expect((await hands.mine(hands.bob)).data).toMatchObject([expired]);
    for (const answer of [
      await hands.accept(transferId),
      await hands.decline(transferId),
      await hands.withdraw(transferId),
    ])
      expect(answer).toMatchObject({ status: 409, body: { code: 'transfer-ended', outcome: 'expired' } });
    expect(await hands.told('ticket.transfer-ended.v1', transferId)).toEqual([]);
    await Promise.all([hands.look(), hands.look()]);
    await hands.look();
    expect(await hands.told('ticket.transfer-ended.v1', transferId)).toMatchObject([{ status: 'expired' }]);
    expect((await hands.read(transferId)).body).toMatchObject(expired);
    expect(await hands.row(ticketId)).toMatchObject({ holder_id: hands.ada.userId, holder_version: 1 });
  });

  it('is told once, however often and by whomever', async () => {
    const { transferId } = await hands.offered();
    await hands.decline(transferId);
    const tell = () =>
      hands.api.db.database.asTenant(hands.event.tenantId, () =>
        hands.api.app.get(TellEnded, { strict: false }).of([transferId]),
      );
    await Promise.all([tell(), tell()]);
    expect(await hands.told('ticket.transfer-ended.v1', transferId)).toHaveLength(1);
  });

  it('in time makes room for another offer at once', async () => {
    const { ticketId, transferId } = await hands.offered();
    await hands.api.db.asOwner(`update transfers set expires_at = now() where id = $1`, [transferId]);
    expect((await hands.offer(ticketId, hands.cleo)).status).toBe(201);
    expect(await hands.told('ticket.transfer-ended.v1', transferId)).toMatchObject([{ status: 'expired' }]);
  });

  it.each([
    ['void', 'ticket-void'],
    ['frozen', 'ticket-frozen'],
    ['checked_in', 'ticket-checked-in'],
  ])('with its ticket, in the statement that makes it %s; the timer tells it', async (status, reason) => {
    const { ticketId, transferId } = await hands.offered();
    await hands.api.db.database.asTenant(hands.event.tenantId, (transaction) =>
      transaction.execute('update tickets set status = $2, checked_in_at = now() where id = $1', [ticketId, status]),
    );
    expect((await hands.read(transferId)).body).toMatchObject({ status: 'withdrawn', reason });
    expect((await hands.accept(transferId)).body).toMatchObject({ code: 'transfer-ended', reason });
    await hands.look();
    await hands.look();
    expect(await hands.told('ticket.transfer-ended.v1', transferId)).toMatchObject([{ status: 'withdrawn', reason }]);
  });

  it('of one organization whose telling fails does not keep those of others waiting', async () => {
    const broken = await hands.offered();
    const { event } = hands;
    await hands.refresh();
    const { transferId } = await hands.offered();
    await hands.api.db.asOwner(`update transfers set expires_at = now() where id = any($1)`, [
      [broken.transferId, transferId],
    ]);
    const change = `alter table outbox add constraint broken check (tenant_id <> '${event.tenantId}') not valid`;
    await hands.api.db.asOwner(change);
    try {
      await hands.look();
    } finally {
      await hands.api.db.asOwner('alter table outbox drop constraint broken');
    }
    expect(await hands.told('ticket.transfer-ended.v1', transferId)).toHaveLength(1);
    expect(await hands.told('ticket.transfer-ended.v1', broken.transferId)).toEqual([]);
    await hands.look();
    expect(await hands.told('ticket.transfer-ended.v1', broken.transferId)).toHaveLength(1);
  });
});

describe('what is shown of transfers', () => {
  it('in the timeline of the order, step by step, with no name and no address', async () => {
    const { orderId, ticketIds } = await hands.bought();
    const ticketId = ticketIds[0]!;
    await hands.decline((await hands.offer(ticketId, hands.bob)).body.id);
    await hands.accept((await hands.offer(ticketId, hands.bob)).body.id);
    for (const as of [hands.ada, hands.organizer]) {
      const { body } = await hands.api.call('GET', `/orders/${orderId}/timeline`, { as });
      const steps = body.data.filter(({ step }: { step: string }) => /transfer/.test(step));
      expect(steps.map(({ step, detail }: any) => [step, detail.ticketId, detail.reason])).toEqual([
        ['transfer-offered', ticketId, undefined],
        ['transfer-declined', ticketId, 'addressee'],
        ['transfer-offered', ticketId, undefined],
        ['ticket-transferred', ticketId, undefined],
      ]);
      expect(JSON.stringify(steps)).not.toMatch(/@|Bob/);
    }
  });

  it('to who took part, at every organization: incoming, outgoing or both, newest first, page by page', async () => {
    const first = await hands.offered();
    const { ada, bob, cleo } = hands;
    const people = { ada, bob, cleo };
    await hands.refresh();
    Object.assign(hands, people);
    const second = await hands.offered();
    const third = await hands.offer((await addTickets(hands.api.db, hands.event, bob, 1)).ticketIds[0]!, ada, bob);
    const ids = async (as: typeof ada, query: string) =>
      (await hands.mine(as, query)).data.map(({ id }: { id: string }) => id);
    expect(await ids(bob, '')).toEqual([third.body.id, second.transferId, first.transferId]);
    expect(await ids(bob, '?direction=incoming')).toEqual([second.transferId, first.transferId]);
    expect(await ids(bob, '?direction=outgoing')).toEqual([third.body.id]);
    expect(await ids(cleo, '')).toEqual([]);
    const page = await hands.mine(bob, '?limit=2');
    expect(await ids(bob, `?limit=2&cursor=${page.nextCursor}`)).toEqual([first.transferId]);
  });

  it('one by one to both sides, and to nobody else', async () => {
    const { transferId } = await hands.offered();
    for (const as of [hands.ada, hands.bob])
      expect((await hands.read(transferId, as)).body).toMatchObject({ email: hands.bob.email, from: { name: 'Ada' } });
    for (const as of [hands.cleo, hands.organizer, hands.scanner])
      expect((await hands.read(transferId, as)).status).toBe(404);
  });

  it('as the history of a ticket: to each what he or she took part in; names and masked addresses to organizers', async () => {
    const { ticketId, transferId } = await hands.offered();
    await hands.accept(transferId);
    const on = await hands.offer(ticketId, hands.cleo, hands.bob);
    await hands.accept(on.body.id, hands.cleo);
    const seen = async (as: typeof hands.ada) =>
      (await hands.history(ticketId, as)).body.data.map(({ email, from, to }: any) => [email, from?.name, to?.name]);
    const bare = [null, undefined, undefined];
    const [toBob, toCleo] = [
      [hands.bob.email, 'Ada', 'Bob'],
      [hands.cleo.email, 'Bob', 'Cleo'],
    ];
    expect(await seen(hands.ada)).toEqual([bare, toBob]);
    expect(await seen(hands.cleo)).toEqual([toCleo, bare]);
    expect(await seen(hands.organizer)).toEqual([
      [expect.stringMatching(/^.\*\*\*@example\.org$/), 'Bob', 'Cleo'],
      [expect.stringMatching(/^.\*\*\*@example\.org$/), 'Ada', 'Bob'],
    ]);
    // Who held it for a while keeps the own transfers in the own list.
    for (const as of [hands.bob, hands.scanner, await hands.person('Zoe')])
      expect((await hands.history(ticketId, as)).status).toBe(404);
  });
});
