import { Injectable } from '@nestjs/common';
import type { Transaction } from '@app/persistence';
import { MOVEMENT_TYPES, type MovementType } from '../stripe/stripe.module.js';

/** The provider's ledger by types of movements, then what is booked here and was not met there, then what was open before. */
export type Step = MovementType | 'booked' | 'open';
const STEPS: readonly Step[] = [...MOVEMENT_TYPES, 'booked', 'open'];

export interface LedgerRun {
  id: string;
  /** `from` inclusive, `to` exclusive. */
  window: { from: Date; to: Date };
  step: Step;
  /** Where the step goes on; null at its beginning. */
  cursor: string | null;
  lookedAt: number;
}

/** Booked here, and not yet met at the provider. */
export interface Unmet {
  transferId: string;
  tenantId: string;
  orderId: string;
  paymentId: string;
  refundId: string | null;
  about: 'payment' | 'refund' | 'dispute';
  /** The provider's id of it, if it is known. */
  providerId: string | null;
  amount: number;
  currency: string;
}

/** Runs of the daily comparison, and when open sessions were last asked for; all as the job role. */
@Injectable()
export class RunStore {
  /**
   * A run for the days before today (UTC), once. It begins where the last one ended if that is further back, so that days
   * on which nobody compared are not left out.
   */
  async begin(transaction: Transaction, days: number): Promise<void> {
    await transaction.execute(
      `insert into reconciliation_runs (kind, window_from, window_to, step)
       select 'ledger', least(today - make_interval(days => $1),
         (select max(window_to) from reconciliation_runs where kind = 'ledger')), today, $2
       from (select date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' as today) as clock
       where not exists (select from reconciliation_runs where kind = 'ledger' and window_to = today)
       on conflict do nothing`,
      [days, STEPS[0]],
    );
  }

  /**
   * Takes a run for its next page. It is due again after 5 min, then less and less often, up to an hour, unless the page
   * is saved: long enough for a page, soon enough after a crash or an outage of the provider.
   */
  async claim(transaction: Transaction): Promise<LedgerRun | undefined> {
    const [row] = await transaction.query<Omit<LedgerRun, 'window'> & { from: Date; to: Date }>(
      `update reconciliation_runs set
         due_at = now() + make_interval(secs => least(300 * 2 ^ least(failures, 10), 3600)), failures = failures + 1
       where id in (
         select id from reconciliation_runs where kind = 'ledger' and finished_at is null and due_at <= now()
         order by due_at limit 1 for no key update skip locked)
       returning id, window_from as from, window_to as to, step, cursor, looked_at as "lookedAt"`,
    );
    if (!row) return undefined;
    const { from, to, ...run } = row;
    return { ...run, window: { from, to } };
  }

  /** The page is done: the run goes on behind it, at once. False when another replica has done it meanwhile. */
  async save(
    transaction: Transaction,
    { id, step, cursor }: LedgerRun,
    page: { next: string | null; lookedAt: number },
  ): Promise<boolean> {
    const following = page.next === null ? STEPS[STEPS.indexOf(step) + 1] : step;
    const saved = await transaction.execute(
      `update reconciliation_runs set step = coalesce($4, step), cursor = $5, looked_at = looked_at + $6, failures = 0,
         due_at = now(), finished_at = case when $4::text is null then now() end
       where id = $1 and step = $2 and cursor is not distinct from $3 and finished_at is null`,
      [id, step, cursor, following ?? null, page.next, page.lookedAt],
    );
    return saved === 1;
  }

  /** Notes that open sessions were looked at; that there were none is noted once per interval. */
  async notePending(transaction: Transaction, lookedAt: number, seconds: number): Promise<void> {
    await transaction.execute(
      `insert into reconciliation_runs as known (kind, looked_at, finished_at) values ('pending', $1, now())
       on conflict (kind) where kind = 'pending' do update set
         looked_at = excluded.looked_at, started_at = excluded.started_at, finished_at = excluded.finished_at
       where $1 > 0 or known.finished_at < now() - make_interval(secs => $2)`,
      [lookedAt, seconds],
    );
  }

  /** Unix seconds at which a run of this kind was last done; 0 when none was. */
  async lastDone(transaction: Transaction, kind: 'pending' | 'ledger'): Promise<number> {
    const [row] = await transaction.query<{ at: number | null }>(
      'select extract(epoch from max(finished_at))::float8 as at from reconciliation_runs where kind = $1',
      [kind],
    );
    return row?.at ?? 0;
  }

  /** What was booked in the window and has not been met at the provider, behind the transfer of that id. */
  unmet(transaction: Transaction, { window, cursor }: LedgerRun, limit: number): Promise<Unmet[]> {
    return transaction.query<Unmet>(UNMET, [window.from, window.to, cursor, limit]);
  }
}

const UNMET = `
  select t.id as "transferId", t.tenant_id as "tenantId", t.order_id as "orderId", t.payment_id as "paymentId", t.refund_id as "refundId",
    its.about, its.provider_id as "providerId", t.amount, t.currency
  from ledger_transfers t
  join payments p on p.tenant_id = t.tenant_id and p.id = t.payment_id
  left join refunds r on r.tenant_id = t.tenant_id and r.id = t.refund_id
  left join disputes d on d.tenant_id = t.tenant_id and d.id = t.dispute_id
  cross join lateral (
    select 'refund' as about, r.provider_refund_id as provider_id, r.compared_at is null as is_unmet where r.id is not null
    -- A dispute's money comes back long after it went: it was met when it was compared since.
    union all select 'dispute', d.provider_dispute_id, d.compared_at is null or d.compared_at < t.created_at where d.id is not null
    union all select 'payment', p.payment_intent, p.compared_at is null where r.id is null and d.id is null
  ) its
  where t.created_at >= $1 and t.created_at < $2 and t.what not in ('refund-returned', 'refund-settled') and its.is_unmet
    and ($3::uuid is null or t.id > $3)
  order by t.id limit $4`;
