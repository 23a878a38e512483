import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Door, told } from '../testing/door.js';

let door: Door;
beforeAll(async () => {
  door = await Door.open();
});
afterAll(() => door.close());
beforeEach(() => door.allowReentry());

describe('going out', () => {
  it('is not possible where the event does not allow to come back, which is the rule', async () => {
    await door.allowReentry(false);
    const ticket = await door.ticket();
    await door.checkIn(ticket);
    expect(told(await door.checkOut(ticket))).toEqual([409, 'reentry-not-allowed']);
  });

  it('lets the holder in again once, and tells the gate that it is a re-entry', async () => {
    const ticket = await door.ticket();
    const first = await door.checkIn(ticket, { gate: 'North' });
    expect(first.body).not.toHaveProperty('reentry');
    const left = await door.checkOut(ticket, { gate: 'South' });
    expect(left).toMatchObject({ status: 200, body: { ticketId: ticket.ticketId, gate: 'South' } });
    const again = await door.checkIn(ticket, { gate: 'East' });
    expect(again).toMatchObject({ status: 200, body: { status: 'checked_in', gate: 'East', reentry: true } });
    const refused = await door.checkIn(ticket, { gate: 'West' });
    expect([...told(refused), refused.body.gate, refused.body.checkedInAt]).toEqual([
      ...[409, 'already-checked-in', 'East', again.body.checkedInAt],
    ]);
    expect((await door.scansOf(ticket)).map(({ result }) => result)).toEqual([
      ...['admitted', 'left', 'readmitted', 'refused'],
    ]);
  });

  it('is for who is inside', async () => {
    const ticket = await door.ticket();
    expect(told(await door.checkOut(ticket))).toEqual([409, 'not-inside']);
    await door.checkIn(ticket);
    await door.checkOut(ticket);
    expect(told(await door.checkOut(ticket))).toEqual([409, 'not-inside']);
  });

  it('by the code alone is for the staff of its event', async () => {
    const { code, ...ticket } = await door.ticket();
    await door.checkIn({ code, ...ticket });
    const refused = await door.call('POST', '/tickets/checkout', { code }, door.holder);
    expect(told(refused)).toEqual([409, 'invalid-code']);
    expect((await door.call('POST', '/tickets/checkout', { code })).status).toBe(200);
  });

  it('and coming back have one effect under one scan id each, however often it is sent', async () => {
    const ticket = await door.ticket();
    await door.checkIn(ticket);
    const [out, back] = [randomUUID(), randomUUID()];
    const leaving = await Promise.all(Array.from({ length: 6 }, () => door.checkOut(ticket, { scanId: out })));
    expect(new Set(leaving.map(({ status, body }) => `${status} ${body.leftAt}`)).size).toBe(1);
    const coming = await Promise.all(Array.from({ length: 6 }, () => door.checkIn(ticket, { scanId: back })));
    expect(new Set(coming.map(({ status, body }) => `${status} ${body.reentry} ${body.checkedInAt}`)).size).toBe(1);
    expect([leaving[0]!.status, coming[0]!.body.reentry]).toEqual([200, true]);
    expect(told(await door.checkOut(ticket, { scanId: back }))).toEqual([422, 'scan-id-reused']);
    expect(told(await door.checkIn(ticket, { scanId: out }))).toEqual([422, 'scan-id-reused']);
  });

  it('admits one of many gates that see the same holder come back at once', async () => {
    const ticket = await door.ticket();
    await door.checkIn(ticket);
    await door.checkOut(ticket);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => door.checkIn(ticket, { gate: `${n}` })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('and an undo leave a ticket that admits as if new', async () => {
    const ticket = await door.ticket();
    await door.checkIn(ticket);
    await door.checkOut(ticket);
    await door.undo(ticket);
    const admitted = await door.checkIn(ticket);
    expect([admitted.status, admitted.body.reentry]).toEqual([200, undefined]);
    await door.checkOut(ticket);
    await door.allowReentry(false);
    expect(told(await door.checkIn(ticket))).toEqual([409, 'already-checked-in']);
  });
});
