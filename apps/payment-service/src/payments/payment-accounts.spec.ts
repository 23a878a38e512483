import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrateDatabase } from '@app/persistence';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { v7 as uuid } from 'uuid';
import { Ledger } from '../ledger/ledger.module.js';
import { PaymentAccounts1767000000060 } from '../migrations/1767000000060-payment-accounts.js';
import { migrations } from '../migrations/index.js';
import { addPaidPayment, newRefund } from '../testing/paid-payment.js';
import { PaymentAccountStore } from './payment-account.store.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(migrations, 'spec_payments');
});
afterAll(() => db.drop());

const current = (tenantId: string) =>
  db.database.asTenant(tenantId, () => new PaymentAccountStore(db.database).current(tenantId));
const accountsOf = (tenantId: string) =>
  db.asOwner<{ id: string; provider_account_id: string | null }>(
    'select id, provider_account_id from payment_accounts where tenant_id = $1',
    [tenantId],
  );

describe("an organization's account at the provider", () => {
  it("is the platform's own, one row of each tenant, however many payments begin at once", async () => {
    const [tenant, other] = [uuid(), uuid()];
    const ids = await Promise.all(Array.from({ length: 8 }, () => current(tenant)));
    expect(new Set(ids).size).toBe(1);
    expect(await accountsOf(tenant)).toEqual([{ id: ids[0], provider_account_id: null }]);
    expect(await current(other)).not.toBe(ids[0]);
  });

  it('is no connected one, while calls to the provider are made as the platform alone', async () => {
    const connected = db.asOwner(
      `insert into payment_accounts (id, tenant_id, provider, provider_account_id) values ($1, $2, 'stripe', 'acct_1')`,
      [uuid(), uuid()],
    );
    await expect(connected).rejects.toThrow('platform_account_only');
  });

  it("is never another tenant's", async () => {
    const account = await current(uuid());
    const { paymentId } = await addPaidPayment(db);
    const taken = db.asOwner('update payments set account_id = $2 where id = $1', [paymentId, account]);
    await expect(taken).rejects.toThrow('foreign key');
  });

  it("is the platform's for payments that were made before there were accounts", async () => {
    const before = migrations.slice(0, migrations.indexOf(PaymentAccounts1767000000060));
    const old = await createTestDatabase(before, 'spec_payments', false);
    try {
      const tenantId = uuid();
      const payments = [
        await addPaidPayment(old, { tenantId }),
        await addPaidPayment(old, { tenantId }),
        await addPaidPayment(old),
      ];
      await migrateDatabase({ url: old.ownerUrl, password: 'of-a-spec', migrations });
      const accounts = await old.asOwner<{ tenant_id: string; provider_account_id: string | null }>(
        `select a.tenant_id, a.provider_account_id from payments p join payment_accounts a on a.id = p.account_id order by p.created_at, p.id`,
      );
      expect(accounts).toEqual(payments.map((payment) => ({ tenant_id: payment.tenantId, provider_account_id: null })));
    } finally {
      await old.drop();
    }
  });
});

describe('the books', () => {
  it('say of each tenant what it is owed: what was paid less what went back', async () => {
    const ledger = new Ledger(db.database);
    const owed = new Map<string, number>();
    for (const [paid, back] of [
      [9000, 4500],
      [700, 0],
    ] as const) {
      const payment = await addPaidPayment(db, { paid, putAside: back });
      const movement = (amount: number) => ({ ...payment, amount: { amount, currency: 'EUR' } });
      await db.database.asTenant(payment.tenantId, async (transaction) => {
        await ledger.paid(movement(paid), false);
        if (back === 0) return;
        const [sql, parameters] = newRefund(payment, back);
        await transaction.execute(sql, parameters);
        await ledger.refunded({ ...movement(back), refundId: parameters[0] as string, round: 0 }, false);
      });
      owed.set(payment.tenantId, paid - back);
    }
    const payable = await db.asOwner<{ tenant_id: string; payable: number }>(
      `select tenant_id, sum(case 'organization-payable' when credit_account then amount when debit_account then -amount else 0 end)::int as payable
       from ledger_transfers group by tenant_id`,
    );
    expect(new Map(payable.map((row) => [row.tenant_id, row.payable]))).toEqual(owed);
  });
});
