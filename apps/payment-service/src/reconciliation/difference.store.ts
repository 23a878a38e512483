import { Injectable } from '@nestjs/common';
import type { Money } from '@app/contracts';
import type { Transaction } from '@app/persistence';
import { v7 as uuid } from 'uuid';
import type { Booked, DifferenceKind, Provided } from './difference.js';

/** `provider-news`: by the path that a webhook takes. `found-equal`: a later look found both sides the same. */
export type Repair = 'provider-news' | 'found-equal';

interface Owner extends Pick<Booked, 'tenantId' | 'paymentId' | 'refundId'> {
  orderId: string | null;
}

export interface Difference {
  kind: DifferenceKind;
  about: Provided['about'];
  subject: string;
  /** At the provider. */
  provided: Money | null;
  /** Here, before any repair. */
  bookedAmount: Money | null;
  /** Whose it is, as far as that is known. */
  owner: Owner | undefined;
}

export interface OpenDifference {
  id: string;
  about: Provided['about'];
  subject: string;
}

export interface ToldDifference {
  kind: DifferenceKind;
  subject: string;
  tenantId: string | null;
  orderId: string | null;
}

/** What differed. Repairs are noted through the tenant's door, with the repair; what stays open as the job role. */
@Injectable()
export class DifferenceStore {
  /** Noted in the transaction that repaired it. */
  async noteRepaired(transaction: Transaction, difference: Difference): Promise<void> {
    if ((await this.close(transaction, [difference.subject], 'provider-news')) > 0) return;
    await transaction.execute(`${INSERT} values (${VALUES}, 'provider-news', now())`, parametersOf(difference));
  }

  /** Once per subject while it is open, with the figures of the last look; one that a person has settled stays settled (job role). */
  async noteOpen(transaction: Transaction, difference: Difference): Promise<void> {
    await transaction.execute(
      `${INSERT} values (${VALUES}, null, null)
       on conflict (subject) where repaired_at is null or repair = 'by-a-person' do update set
         kind = excluded.kind, tenant_id = coalesce(excluded.tenant_id, known.tenant_id),
         order_id = coalesce(excluded.order_id, known.order_id), payment_id = coalesce(excluded.payment_id, known.payment_id),
         refund_id = coalesce(excluded.refund_id, known.refund_id),
         provider_amount = excluded.provider_amount, provider_currency = excluded.provider_currency,
         booked_amount = excluded.booked_amount, booked_currency = excluded.booked_currency, last_seen_at = now()`,
      parametersOf(difference),
    );
  }

  /** Both sides are the same now. @returns how many were open */
  close(transaction: Transaction, subjects: readonly string[], repair: Repair): Promise<number> {
    return transaction.execute(
      `update reconciliation_differences set repaired_at = now(), repair = $2, last_seen_at = now()
       where subject = any($1) and repaired_at is null`,
      [subjects, repair],
    );
  }

  /** Open ones behind the one of that id, oldest first (job role). */
  open(transaction: Transaction, after: string | null, limit: number): Promise<OpenDifference[]> {
    return transaction.query<OpenDifference>(
      `select id, about, subject from reconciliation_differences
       where repaired_at is null and ($1::uuid is null or id > $1) order by id limit $2`,
      [after, limit],
    );
  }

  /** How many are open, of all tenants (job role). */
  async countOpen(transaction: Transaction): Promise<number> {
    const [row] = await transaction.query<{ open: number }>(
      'select count(*) as open from reconciliation_differences where repaired_at is null',
    );
    return row?.open ?? 0;
  }

  /** Those that the log has not told of; from now on it has (job role). */
  takeUntold(transaction: Transaction): Promise<ToldDifference[]> {
    return transaction.query<ToldDifference>(
      `update reconciliation_differences set told_at = now() where repaired_at is null and told_at is null
       returning kind, subject, tenant_id as "tenantId", order_id as "orderId"`,
    );
  }
}

const INSERT = `
  insert into reconciliation_differences as known (id, tenant_id, kind, about, subject, order_id, payment_id, refund_id,
    provider_amount, provider_currency, booked_amount, booked_currency, repair, repaired_at)`;
const VALUES = '$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12';

const parametersOf = ({ kind, about, subject, provided, bookedAmount, owner }: Difference): unknown[] => [
  uuid(),
  owner?.tenantId ?? null,
  kind,
  about,
  subject,
  owner?.orderId ?? null,
  owner?.paymentId ?? null,
  owner?.refundId ?? null,
  provided?.amount ?? null,
  provided?.currency ?? null,
  bookedAmount?.amount ?? null,
  bookedAmount?.currency ?? null,
];
