import { orderExpired } from '@app/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../testing/eventually.js';
import { facts } from '../testing/facts.js';
import type { Reply } from '../testing/mail-catcher.js';
import { NotificationService } from '../testing/running-service.js';

jest.setTimeout(40_000);

let service: NotificationService;
beforeAll(async () => (service = await NotificationService.start()));
beforeEach(() => service.reset());
afterAll(() => service.remove());

const { buyer } = facts['order-expired'];

describe('a mail that the server does not take', () => {
  it('is tried again after 4xx and arrives', async () => {
    let tries = 0;
    service.smtp.reply = () => ((tries += 1) < 3 ? { code: 451, text: 'try again later' } : 'accept');
    await service.send(orderExpired, facts['order-expired']);
    const [row] = await service.settled(1, 'sent');
    expect(row).toMatchObject({ attempts: 3, refusals: 0, last_error: null });
    expect(new Set(service.smtp.mails.map(({ parsed }) => parsed.messageId)).size).toBe(1);
  });

  it('fails in plain sight after five refusals, and holds up no other', async () => {
    service.smtp.refuseRecipient = (address) =>
      address === 'gone@example.com' ? { code: 550, text: '5.1.1 no such user' } : undefined;
    const gone = { ...facts['order-expired'], buyer: { ...buyer, email: 'gone@example.com' } };
    await service.send(orderExpired, gone);
    await service.send(orderExpired, facts['order-expired']);
    await service.refusedFiveTimes(gone.buyer.email);

    const rows = await service.settled(2, 'sent', 'failed');
    expect(rows.find(({ recipient }) => recipient === 'gone@example.com')).toMatchObject({
      status: 'failed',
      attempts: 5,
      refusals: 5,
      last_error: expect.stringContaining('550 5.1.1 no such user'),
    });
    expect(rows.filter(({ status }) => status === 'sent')).toHaveLength(1);
    const metrics = await (await fetch(`${service.running.internalUrl}/metrics`)).text();
    expect(metrics).toMatch(/^mails_failed\{[^}]*\} 1$/m);
    expect(service.logLines.join('')).toMatch(/"level":"error".*is given up/);
  });
});

describe('hard case 36: a mail whose fate is unknown', () => {
  it('is sent again with the same Message-ID when the line is cut after the mail was taken', async () => {
    service.smtp.reply = () => (service.smtp.mails.length === 1 ? 'hang-up' : 'accept');
    await service.send(orderExpired, facts['order-expired']);
    const [row] = await service.settled(1, 'sent');
    expect(service.smtp.mails.map(({ parsed }) => parsed.messageId)).toEqual([
      `<${row!.id}@tickets.example>`,
      `<${row!.id}@tickets.example>`,
    ]);
  });

  it('is sent again with the same Message-ID when the database goes away between sending and marking', async () => {
    const lock = new pg.Client({ connectionString: service.db.ownerUrl });
    await lock.connect();
    service.smtp.reply = async (): Promise<Reply> => {
      if (service.smtp.mails.length === 1) await lock.query('begin; select from mails for update');
      return 'accept';
    };
    await service.send(orderExpired, facts['order-expired']);
    await eventually(endWaiting, 'a connection that waits to mark the mail');
    await lock.end();
    await eventually(() => service.logLines.join('').includes('Mails wait for the database'), 'the failure to mark');
    expect((await service.rows())[0]).toMatchObject({ status: 'queued', attempts: 1 });

    await service.letTimePass('zoe@example.com');
    const [row] = await service.settled(1, 'sent');
    const messageId = `<${row!.id}@tickets.example>`;
    expect(service.smtp.mails.map(({ parsed }) => parsed.messageId)).toEqual([messageId, messageId]);
  });
});

/** @returns whether there was one. */
async function endWaiting(): Promise<boolean> {
  const ended = await service.db.asOwner(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return ended.length > 0;
}
