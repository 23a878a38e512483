import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { meanwhile } from '../../testing/meanwhile.js';
import { untilWaiting } from '../../testing/until-waiting.js';
import type { Answer } from '../../testing/open-ticket-api.js';
import { Door, told } from '../testing/door.js';

let door: Door;
beforeAll(async () => {
  door = await Door.open();
});
afterAll(() => door.close());

const rowOf = async (ticketId: string) => {
  const [row] = await door.api.db.asOwner<{ status: string }>(
    'select status, checked_in_at, gate, left_at from tickets where id = $1',
    [ticketId],
  );
  return row;
};

describe('an admission that is taken back', () => {
  it('leaves the ticket as it was before, to admit again; log and audit log say who did it and why', async () => {
    const ticket = await door.ticket();
    await door.checkIn(ticket, { gate: 'North' });
    const undone = await door.undo(ticket);
    expect(undone).toMatchObject({ status: 200, body: { id: ticket.ticketId, status: 'valid' } });
    expect(undone.body).not.toHaveProperty('checkedInAt');
    expect((await door.checkIn(ticket, { gate: 'South' })).body.gate).toBe('South');
    const by = { kind: 'person', id: door.scanner.userId, name: 'Sam' };
    expect(await door.scansOf(ticket)).toEqual([
      expect.objectContaining({ result: 'admitted', gate: 'North', undoneAt: expect.any(String), by }),
      expect.objectContaining({ result: 'undone', gate: 'North', reason: 'wrong person', by }),
      expect.objectContaining({ result: 'admitted', gate: 'South', undoneAt: null, by }),
    ]);
    const [entry] = await door.api.db.asOwner(`select actor_id, detail from audit_log_entries where target_id = $1`, [
      ticket.ticketId,
    ]);
    expect(entry).toMatchObject({ actor_id: door.scanner.userId, detail: { gate: 'North' } });
    expect(JSON.stringify(entry)).not.toContain('wrong person');
  });

  it('is none where nobody has entered, nor a second time', async () => {
    const ticket = await door.ticket();
    expect(told(await door.undo(ticket))).toEqual([409, 'not-checked-in']);
    await door.checkIn(ticket);
    await door.undo(ticket);
    expect(told(await door.undo(ticket))).toEqual([409, 'not-checked-in']);
  });

  it('is not overruled by the scan that was undone, when a device sends it again', async () => {
    const ticket = await door.ticket();
    const scanId = randomUUID();
    await door.checkIn(ticket, { scanId });
    await door.undo(ticket);
    expect(told(await door.checkIn(ticket, { scanId }))).toEqual([409, 'admission-undone']);
    expect(await rowOf(ticket.ticketId)).toMatchObject({ status: 'valid' });
    expect((await door.checkIn(ticket, { scanId: randomUUID() })).status).toBe(200);
    expect(told(await door.checkIn(ticket, { scanId }))).toEqual([409, 'admission-undone']);
  });

  it('has the same answer under the same scan id, which is of no other use', async () => {
    const [ticket, other] = [await door.ticket(), await door.ticket()];
    const scanId = randomUUID();
    await door.checkIn(ticket);
    const answers = await Promise.all(Array.from({ length: 5 }, () => door.undo(ticket, { scanId })));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
    await door.checkIn(ticket);
    expect((await door.undo(ticket, { scanId })).body.status).toBe('checked_in');
    expect(told(await door.checkIn(other, { scanId }))).toEqual([422, 'scan-id-reused']);
    expect(told(await door.undo(other, { scanId }))).toEqual([422, 'scan-id-reused']);
    await door.undo(ticket);
    expect(told(await door.checkIn(ticket, { scanId }))).toEqual([422, 'scan-id-reused']);
  });

  it('raced by other gates and other undos never has two inside', async () => {
    const ticket = await door.ticket();
    await door.checkIn(ticket);
    let answers: Promise<Answer>[] = [];
    await meanwhile(
      door.api.db,
      [['select from tickets where id = $1 for no key update', [ticket.ticketId]]],
      async () => {
        answers = [
          ...Array.from({ length: 4 }, () => door.undo(ticket)),
          ...Array.from({ length: 4 }, (_, n) => door.checkIn(ticket, { gate: `${n}`, scanId: randomUUID() })),
        ];
        await untilWaiting(door.api.db, 4);
      },
    );
    const done = await Promise.all(answers);
    const [undos, admissions] = [done.slice(0, 4), done.slice(4)].map(
      (some) => some.filter(({ status }) => status === 200).length,
    ) as [number, number];
    const isInside = (await rowOf(ticket.ticketId))?.status === 'checked_in';
    expect(1 + admissions - undos).toBe(isInside ? 1 : 0);
    for (const { status, body } of done.filter((answer) => answer.status !== 200))
      expect([status, ['already-checked-in', 'not-checked-in'].includes(body.code)]).toEqual([409, true]);
  });

  it('of a disputed payment leaves a frozen ticket, also when the dispute comes in the same moment', async () => {
    const ticket = await door.ticket();
    await door.checkIn(ticket);
    const [order] = await door.api.db.asOwner<{ order_id: string }>(
      `update orders set payment_id = gen_random_uuid() where id = (select order_id from tickets where id = $1) returning id as order_id`,
      [ticket.ticketId],
    );
    let undoing: Promise<Answer> | undefined;
    // As on-payment-disputed does it: the order, then the dispute, then the tickets that are valid.
    await meanwhile(
      door.api.db,
      [
        ['select from orders where id = $1 for no key update', [order!.order_id]],
        [
          `insert into disputes (id, tenant_id, order_id, payment_id, status) select gen_random_uuid(), tenant_id, id, payment_id, 'open' from orders where id = $1`,
          [order!.order_id],
        ],
      ],
      async (other) => {
        undoing = door.undo(ticket);
        await untilWaiting(door.api.db, 1);
        await other.query(`update tickets set status = 'frozen' where order_id = $1 and status = 'valid'`, [
          order!.order_id,
        ]);
        await other.query('commit');
      },
    );
    expect((await undoing!).body.status).toBe('frozen');
    expect(told(await door.checkIn(ticket))).toEqual([409, 'ticket-frozen']);
  });

  it('is refused when the money for the used ticket went back: nobody enters for nothing', async () => {
    const ticket = await door.ticket();
    await door.checkIn(ticket);
    await door.api.db.asOwner('update tickets set refund_id = gen_random_uuid() where id = $1', [ticket.ticketId]);
    expect(told(await door.undo(ticket))).toEqual([409, 'ticket-void']);
    expect(await rowOf(ticket.ticketId)).toMatchObject({ status: 'checked_in' });
  });

  it('is said by the staff of the event, with a reason', async () => {
    const ticket = await door.ticket();
    await door.checkIn(ticket);
    expect((await door.call('POST', `/tickets/${ticket.ticketId}/checkin/undo`, {})).status).toBe(422);
    const undo = { reason: 'mine' };
    expect((await door.call('POST', `/tickets/${ticket.ticketId}/checkin/undo`, undo, door.holder)).status).toBe(403);
  });
});
