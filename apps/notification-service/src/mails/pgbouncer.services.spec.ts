import { orderConfirmed } from '@app/contracts';
import { startPgbouncer, type Pgbouncer } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { facts } from '../testing/facts.js';
import { NotificationService } from '../testing/running-service.js';

jest.setTimeout(40_000);

/** Fewer than those who work at once, so that every connection is everybody's in turn. */
const CONNECTIONS = 2;
const EACH = 10;

let pgbouncer: Pgbouncer;
let service: NotificationService;
beforeAll(async () => {
  service = await NotificationService.start(async (url) => (pgbouncer = await startPgbouncer(url, CONNECTIONS)).url);
});
afterAll(async () => {
  await service?.remove();
  await pgbouncer?.stop();
});

describe('behind pgbouncer in transaction mode', () => {
  it('the mails of two organizations are sent side by side, and no connection keeps a tenant', async () => {
    const tenants = [uuidv7(), uuidv7()];
    const bare = new pg.Client({ connectionString: pgbouncer.url });
    await bare.connect();
    try {
      const rounds = Array.from({ length: EACH }, () => tenants).flat();
      await Promise.all(
        rounds.map(async (tenant) => {
          const { buyer, ...others } = facts['order-confirmed'];
          await service.send(
            orderConfirmed,
            { ...others, buyer: { ...buyer, email: `${tenant}@example.com` } },
            tenant,
          );
          const { rows } = await bare.query(
            `select count(*)::int as seen, coalesce(current_setting('app.tenant_id', true), '') as tenant, current_user = session_user as self from mails`,
          );
          expect(rows).toEqual([{ seen: 0, tenant: '', self: true }]);
        }),
      );
      const mails = await service.settled(rounds.length, 'sent');
      for (const tenant of tenants) {
        const own = mails.filter(({ tenant_id }) => tenant_id === tenant);
        expect(own.map(({ recipient }) => recipient)).toEqual(Array(EACH).fill(`${tenant}@example.com`));
      }
      expect(service.smtp.mails).toHaveLength(rounds.length);
    } finally {
      await bare.end();
    }
  });
});
