import { orderExpired, PLATFORM_TENANT } from '@app/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { eventually } from '../testing/eventually.js';
import { facts } from '../testing/facts.js';
import { NotificationService } from '../testing/running-service.js';

jest.setTimeout(60_000);

let service: NotificationService;
beforeAll(async () => (service = await NotificationService.start()));
beforeEach(() => service.reset());
afterAll(() => service.remove());

const send = (count: number) =>
  Promise.all(Array.from({ length: count }, () => service.send(orderExpired, facts['order-expired'])));
const messageIds = () => service.smtp.mails.map(({ parsed }) => parsed.messageId);

describe('the sender', () => {
  it('has several mails on their way at once, and never more than five', async () => {
    service.smtp.reply = () => delay(100, 'accept' as const);
    await send(20);
    await service.settled(20, 'sent');
    expect(service.smtp.mostOpen).toBe(5);
  });

  it('claims no mail that it has no connection for: another replica may have one', async () => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    service.smtp.reply = () => answered.then(() => 'accept' as const);
    await send(8);
    await service.smtp.caught(5);
    await eventually(async () => (await service.rows()).length === 8, 'all mails');
    await delay(1_500);
    expect((await service.rows()).filter(({ attempts }) => attempts > 0)).toHaveLength(5);
    answer();
    await service.settled(8, 'sent');
  });

  it('sends each mail once, however many of it there are', async () => {
    const other = await service.open();
    await send(30);
    await service.settled(30, 'sent');
    expect(new Set(messageIds()).size).toBe(30);
    expect(service.smtp.mails).toHaveLength(30);
    await service.close(other);
  });

  it('keeps its claim on a mail that takes longer than the lease', async () => {
    let answer = () => {};
    service.smtp.reply = () => new Promise((resolve) => (answer = () => resolve('accept')));
    const other = await service.open();
    await send(1);
    await service.smtp.caught(1);
    await service.db.asOwner(`update mails set next_attempt_at = now() + interval '4 seconds'`);
    await delay(6_000);
    answer();
    await service.settled(1, 'sent');
    expect(service.smtp.mails).toHaveLength(1);
    await service.close(other);
  });

  it('takes over a mail whose sender died, as soon as its lease has ended', async () => {
    await service.db.asOwner(
      `insert into mails (id, tenant_id, message_id, correlation_id, kind, recipient, facts, attempts, next_attempt_at)
       values ($1, $2, $1, 'left behind', 'order-expired', 'zoe@example.com', $3, 1, now() + interval '2 seconds')`,
      [uuidv7(), PLATFORM_TENANT, facts['order-expired']],
    );
    await delay(1_000);
    expect(service.smtp.mails).toEqual([]);
    const [row] = await service.settled(1, 'sent');
    expect(row!.attempts).toBe(2);
  });

  it('finishes what is under way before the process ends, and leaves the rest for the next one', async () => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    service.smtp.reply = () => answered.then(() => 'accept' as const);
    await send(8);
    await service.smtp.caught(5);
    await eventually(async () => (await service.rows()).length === 8, 'all mails');
    const closed = service.close();
    await delay(300);
    answer();
    await closed;
    const states = (await service.rows()).map(({ status }) => status);
    expect(states.filter((status) => status === 'sent')).toHaveLength(5);
    expect(states.filter((status) => status === 'queued')).toHaveLength(3);

    await service.open();
    await service.settled(8, 'sent');
    expect(new Set(messageIds()).size).toBe(8);
    expect(service.smtp.mails).toHaveLength(8);
  });
});

describe('while the SMTP server is away', () => {
  it('mails wait, the service stays ready, and they all leave when it is back', async () => {
    await service.smtp.stop();
    await send(30);
    await eventually(async () => (await service.rows()).filter(({ attempts }) => attempts > 0).length > 5, 'a probe');
    const rows = await service.rows();
    expect(rows.every(({ status, refusals }) => status === 'queued' && refusals === 0)).toBe(true);
    expect(rows.filter(({ attempts }) => attempts === 0).length).toBeGreaterThan(15);
    expect((await fetch(`${service.running.url}/health/ready`)).status).toBe(200);

    await service.smtp.start();
    await service.settled(30, 'sent');
    expect(new Set(messageIds()).size).toBe(30);
  });
});
