import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, expectNoWayAround, expectTenancy, type Tenancy, type TestDatabase } from '@app/testing';
import { migrations } from './migrations/index.js';

const withoutTenant = {
  erased_people: "ids of accounts that were anybody's and are erased",
  refund_pace: 'says how much the provider was asked in the last second, of nobody in particular',
  schema_migrations: 'of the schema',
  webhook_events:
    "the provider's events arrive before anybody knows whom they concern; what they say leaves with the handling",
  reconciliation_runs: 'a run compares the whole account with the provider, and names nothing of a tenant',
};

const sharedKeys = {
  payments_idempotency_key_key: 'the provider takes it once for the whole account; ours are random',
  payments_session_id_key: "the provider's, which names no other payment",
  payments_payment_intent_key: "the provider's, which names no other payment",
  disputes_provider_dispute_id_key: "the provider's, which names no other dispute",
  refunds_provider_refund_id_key: "the provider's, which names no other refund",
  payment_accounts_provider_provider_account_id_key: 'an account at the provider belongs to one organization',
  one_open_difference: "the provider's id of what differs, also while nobody knows whose it is",
};

function rows(tenantId: string, userId = randomUUID()) {
  const [order, account, payment, refund, dispute] = Array.from({ length: 5 }, () => randomUUID());
  const subject = { tenant_id: tenantId, order_id: order };
  const money = { amount: 100, currency: 'EUR' };
  return {
    owed_orders: {
      ...subject,
      user_id: userId,
      buyer_email: 'ada@buyers.example',
      event_title: 'Night',
      items: '[]',
      total: 100,
      currency: 'EUR',
      expires_at: new Date(),
    },
    payment_accounts: { id: account, tenant_id: tenantId, provider: 'stripe' },
    payments: {
      ...subject,
      ...money,
      id: payment,
      user_id: userId,
      status: 'succeeded',
      correlation_id: 'c',
      idempotency_key: payment,
      parameters: '{}',
      paid: 100,
      paid_currency: 'EUR',
      refunded_total: 100,
      account_id: account,
      close_due_at: new Date(),
    },
    refunds: {
      ...subject,
      ...money,
      id: refund,
      payment_id: payment,
      user_id: userId,
      correlation_id: 'c',
      origin: 'provider',
      reason: '',
    },
    disputes: {
      ...subject,
      ...money,
      id: dispute,
      payment_id: payment,
      provider_dispute_id: dispute,
      status: 'open',
      reason: 'fraudulent',
      withdrawn: false,
      reinstated: false,
    },
    ledger_transfers: {
      ...subject,
      ...money,
      id: randomUUID(),
      payment_id: payment,
      what: 'payment',
      debit_account: 'provider-balance',
      credit_account: 'organization-payable',
    },
    reconciliation_differences: {
      tenant_id: tenantId,
      id: randomUUID(),
      kind: 'refund-unknown',
      about: 'refund',
      subject: refund,
    },
    idempotency_keys: {
      ...{ tenant_id: tenantId, caller_id: userId, key: randomUUID() },
      ...{ fingerprint: Buffer.from('f'), status: 202, body: '{}' },
    },
    inbox: { consumer: 'payment-service', message_id: randomUUID(), tenant_id: tenantId },
    outbox: { id: randomUUID(), tenant_id: tenantId, type: 'x', correlation_id: 'x', data: '{}' },
  } satisfies ReturnType<Tenancy['rows']>;
}

describe('the database', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase(migrations, 'spec_payments');
  });
  afterAll(() => db.drop());

  it('keeps every row to its tenant', async () => {
    await expectTenancy(db.source, { withoutTenant, sharedKeys, rows });
  });

  it('has no way around the tenants for who sends statements of his or her own', async () => {
    await expectNoWayAround(db, { rows });
  });

  it("shows a person what is his or hers at every tenant, and nothing else's", async () => {
    const [ada, bob] = [randomUUID(), randomUUID()];
    for (const userId of [ada, ada, bob]) {
      const tenantId = randomUUID();
      const { owed_orders, payment_accounts, payments, refunds } = rows(tenantId, userId);
      await db.database.asTenant(tenantId, async (transaction) => {
        for (const [table, row] of Object.entries({ owed_orders, payment_accounts, payments, refunds })) {
          const places = Object.keys(row).map((_, index) => `$${index + 1}`);
          const sql = `insert into ${table} (${Object.keys(row).join(', ')}) values (${places.join(', ')})`;
          await transaction.execute(sql, Object.values(row));
        }
      });
    }
    for (const table of ['owed_orders', 'payments', 'refunds']) {
      const seen = await db.database.asPerson(ada, (transaction) =>
        transaction.query<{ user_id: string }>(`select user_id from ${table}`),
      );
      expect(seen.map(({ user_id }) => user_id)).toEqual([ada, ada]);
    }
    const books = await db.database.asPerson(ada, (transaction) => transaction.query('select from ledger_transfers'));
    expect(books).toEqual([]);
  });

  it('shows a difference that belongs to nobody to the job role alone', async () => {
    await db.asOwner(
      `insert into reconciliation_differences (id, kind, about, subject) values ($1, 'unknown-payment', 'payment', $2)`,
      [randomUUID(), 'pi_of_nobody'],
    );
    const seen = `select from reconciliation_differences where subject = 'pi_of_nobody'`;
    const asTenant = await db.database.asTenant(randomUUID(), (transaction) => transaction.query(seen));
    expect([asTenant.length, (await db.database.lookUp(seen, [])).length]).toEqual([0, 0]);
    expect(await db.database.asJob((transaction) => transaction.query(seen))).toHaveLength(1);
  });

  it('lets the job role move due times only', async () => {
    const forbidden = [
      `update payments set status = 'expired'`,
      `update refunds set status = 'failed'`,
      `insert into ledger_transfers select * from ledger_transfers`,
      `update owed_orders set closed_at = now()`,
      `select buyer_email from owed_orders`,
    ];
    for (const statement of forbidden)
      await expect(db.database.asJob((transaction) => transaction.execute(statement))).rejects.toThrow(
        'permission denied',
      );
  });

  it('hard cases 8 and 11: never pays back more than came, and has one active payment per order', async () => {
    const own = rows(randomUUID());
    const owner = (sql: string, parameters: unknown[]) => db.asOwner(sql, parameters);
    const insert = `insert into payments (id, tenant_id, order_id, user_id, status, amount, currency, correlation_id, idempotency_key, parameters, close_due_at)
                    values ($1, $2, $3, $4, 'opening', 100, 'EUR', 'c', gen_random_uuid()::text, '{}', now())`;
    const { tenant_id, order_id, user_id } = own.owed_orders;
    await owner('insert into owed_orders (tenant_id, order_id, closed_at) values ($1, $2, now())', [
      tenant_id,
      order_id,
    ]);
    const first = randomUUID();
    await owner(insert, [first, tenant_id, order_id, user_id]);
    await expect(owner(insert, [randomUUID(), tenant_id, order_id, user_id])).rejects.toThrow(
      'one_active_payment_per_order',
    );
    await expect(owner('update payments set refunded_total = 1 where id = $1', [first])).rejects.toThrow(
      'never_refund_more_than_paid',
    );
    await expect(owner(`update payments set status = 'succeeded' where id = $1`, [first])).rejects.toThrow(
      'success_is_what_was_owed',
    );
    await expect(owner('update payments set paid = 100 where id = $1', [first])).rejects.toThrow(
      'money_only_when_paid',
    );
  });
});
