import {
  emailVerificationRequested,
  orderConfirmed,
  orderExpired,
  orderMailRequested,
  PLATFORM_TENANT,
} from '@app/contracts';
import { Database } from '@app/persistence';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { eventually } from '../testing/eventually.js';
import { facts } from '../testing/facts.js';
import { NotificationService } from '../testing/running-service.js';
import { RecordMails } from './record-mails.js';

jest.setTimeout(40_000);

let service: NotificationService;
beforeAll(async () => (service = await NotificationService.start()));
beforeEach(() => service.reset());
afterAll(() => service.remove());

const confirmed = () => ({ ...facts['order-confirmed'], orderId: uuidv7() });
const expired = () => ({ ...facts['order-expired'], orderId: uuidv7() });
async function told(orderId: string, count: number) {
  await eventually(async () => (await service.told(orderId)).length >= count, `${count} messages to ticket-api`);
  return service.told(orderId);
}

describe('ticket-api is told what becomes of a mail about its order', () => {
  it('queued and sent, each once, under the tenant and correlation of its cause', async () => {
    const [order, tenantId] = [confirmed(), uuidv7()];
    await service.send(orderConfirmed, order, tenantId);
    const [row] = await service.settled(1, 'sent');
    const messages = await told(order.orderId, 2);
    const data = { orderId: order.orderId, mailId: row!.id, kind: 'order-confirmed', recipient: 'zoe@example.com' };
    expect(messages).toMatchObject([
      { type: 'mail.queued.v1', tenantId, data },
      { type: 'mail.sent.v1', tenantId, data },
    ]);
    expect(messages[1]!.correlationId).toBe(messages[0]!.correlationId);
  });

  it('failed for good, with the class of the reason', async () => {
    const order = expired();
    service.smtp.refuseRecipient = () => ({ code: 550, text: '5.1.1 no such user' });
    await service.send(orderExpired, order);
    await service.refusedFiveTimes(order.buyer.email);
    const messages = await told(order.orderId, 2);
    expect(messages.map(({ type }) => type)).toEqual(['mail.queued.v1', 'mail.failed.v1']);
    expect(messages[1]!.data).toMatchObject({ kind: 'order-expired', reason: 'refused' });
  });

  it('once, also when the inbox has forgotten the message that caused it', async () => {
    const order = expired();
    const { app } = service.running;
    const message = { id: uuidv7(), correlationId: 'request-1', data: order };
    const record = () => app.get(RecordMails).record('order-expired', [message], ({ buyer }) => buyer.email);
    for (let time = 0; time < 2; time += 1) await app.get(Database).asTenant(PLATFORM_TENANT, record);
    await service.settled(1, 'sent');
    expect((await told(order.orderId, 2)).map(({ type }) => type)).toEqual(['mail.queued.v1', 'mail.sent.v1']);
  });

  it('not of mails about an account', async () => {
    const order = expired();
    await service.send(emailVerificationRequested, facts['email-verification']);
    await service.send(orderExpired, order);
    await service.settled(2, 'sent');
    expect(await told(order.orderId, 2)).toHaveLength(2);
  });
});

describe('the mail with the tickets that is wanted again', () => {
  it('is another mail with the tickets and a Message-ID of its own', async () => {
    const order = confirmed();
    await service.send(orderConfirmed, order);
    await service.settled(1, 'sent');
    await service.send(orderMailRequested, order);
    await service.settled(2, 'sent');
    const [first, second] = await service.smtp.caught(2);
    expect(second!.parsed.messageId).not.toBe(first!.parsed.messageId);
    expect(second!.recipients).toEqual(['zoe@example.com']);
    expect(second!.parsed.attachments.map(({ filename }) => filename)).toEqual(['tickets.pdf', 'event.ics']);
    expect((await told(order.orderId, 4)).map(({ type }) => type)).toEqual([
      ...['mail.queued.v1', 'mail.sent.v1'],
      ...['mail.queued.v1', 'mail.sent.v1'],
    ]);
  });
});
