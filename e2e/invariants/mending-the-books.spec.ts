import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type Platform } from '@app/testing';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { audit, auditEnvironmentOf, run, type Told } from '../support/audit.js';
import { eventually } from '../support/client.js';
import { asOwner } from '../support/owner.js';
import { pay } from '../support/payment-page.js';
import { person } from '../support/people.js';
import { expecting, placeOrder, sale } from '../support/sale.js';

const [, statement = ''] = /^```sql\n(.*?)^```$/ms.exec(readFileSync('docs/invariants.md', 'utf8')) ?? [];

describe('a payment whose row in the ledger is missing', () => {
  let platform: Platform;
  let payment: { id: string; order_id: string };
  const command = (name: string, ...args: string[]): Promise<Told> => run(auditEnvironmentOf(platform), name, ...args);
  const books = () => audit(auditEnvironmentOf(platform), '--only', 'I3', '--patience', '0');

  beforeAll(async () => {
    platform = await startPlatform();
    const [buyer, selling] = [await person(platform), await sale(platform)];
    const order = await placeOrder(buyer, selling);
    await pay(order.checkoutUrl);
    await eventually(
      'the confirmation',
      () => expecting(200, buyer.client, 'GET', `/orders/${order.id}`),
      ({ status }) => status === 'confirmed',
    );
    [payment] = (await asOwner(platform, 'delete from ledger_transfers', [], 'payment_service').then(() =>
      asOwner(platform, 'select id, order_id from payments', [], 'payment_service'),
    )) as [typeof payment];
  });
  afterAll(() => platform?.remove());

  it('is found by the audit, which says what helps', async () => {
    const { code, said } = await books();
    expect(code).toBe(1);
    expect(said).toContain('payments whose money is not in the ledger as it was paid: 1');
    expect(said).toContain('npm run reconcile');
  });

  it('is told by `npm run reconcile`, which does not mend it', async () => {
    const { code, said } = await command('reconcile');
    expect([code, said]).toEqual([1, expect.stringContaining('Open differences: 1.')]);
    expect(said).toContain(`"kind":"unpaid-here","about":"payment"`);
    expect(said).toContain(payment.order_id);
    expect((await books()).code).toBe(1);
  });

  it('gets it by the statement of docs/invariants.md, over the login that `npm run database-url` prints', async () => {
    const { code, said } = await command('database-url', 'payment-service');
    expect(code).toBe(0);
    const client = new pg.Client({ connectionString: said.trim() });
    await client.connect();
    const { rowCount } = await client.query(statement.replace('<paymentId>', payment.id)).finally(() => client.end());
    expect(rowCount).toBe(1);
    const after = await books();
    expect([after.code, after.said]).toEqual([0, expect.stringContaining('Everything that was asked holds.')]);
  });

  it.each(['README.md', 'docs/invariants.md'])('%s has psql started with a login only, never without', (file) => {
    const [line = ''] = /[^`\n]*npm run -s database-url[^`\n]*/.exec(readFileSync(file, 'utf8')) ?? [];
    const { status, stdout, stderr } = spawnSync('sh', ['-c', `psql() { echo "psql $1"; }\n${line}`], {
      env: { PATH: process.env.PATH, DATA_DIR: '/nowhere' },
      encoding: 'utf8',
    });
    expect([status, stdout, stderr]).toEqual([1, '', expect.stringContaining('No platform')]);
  });

  it.each([
    ['database-url', [], 'Name one of ticket-api, '],
    ['database-url', ['everything'], 'Name one of ticket-api, '],
    ['reconcile', ['--hours', '0'], '--hours is a whole number from 1 to 999999.'],
    ['reconcile', ['now'], "Unexpected argument 'now'."],
  ])('%s %j is refused with a sentence and EX_USAGE', async (name, args, sentence) => {
    const { code, said } = await command(name, ...args);
    expect([code, said.slice(0, sentence.length)]).toEqual([64, sentence]);
  });
});
