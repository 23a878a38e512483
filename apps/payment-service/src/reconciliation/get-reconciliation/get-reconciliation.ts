import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Principal } from '@app/auth';
import { Id, type DifferenceView, type ReconciliationPage, type ReconciliationQuery } from '@app/contracts';
import { decodeCursor, encodeCursor } from '@app/http';
import { Database } from '@app/persistence';
import { Organizers } from '../../organizers/organizers.module.js';

export class GetReconciliationQuery extends Query<ReconciliationPage> {
  constructor(
    readonly who: Principal,
    readonly wish: ReconciliationQuery,
  ) {
    super();
  }
}

/**
 * The differences of the caller's own organizations, newest first: open ones, and those that were repaired in the last 30
 * days. Differences of no tenant are shown to nobody here.
 */
@QueryHandler(GetReconciliationQuery)
export class GetReconciliationHandler implements IQueryHandler<GetReconciliationQuery> {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Organizers) private readonly organizers: Organizers,
  ) {}

  /** @throws ProblemError `forbidden` for a person who organizes nothing, `validation-failed`, `service-unavailable`. */
  async execute({ who, wish }: GetReconciliationQuery): Promise<ReconciliationPage> {
    const { limit, cursor, organizationId, status } = wish;
    const tenants = await this.organizers.tenantsOf(who, organizationId);
    const parameters = [decodeCursor(cursor, Id) ?? null, status ?? null, limit + 1];
    const found: DifferenceView[] = [];
    for (const tenantId of tenants) {
      const rows = await this.database.asTenant(tenantId, (transaction) =>
        transaction.query<DifferenceView>(DIFFERENCES, parameters),
      );
      found.push(...rows);
    }
    const newestFirst = found.sort((a, b) => (a.id < b.id ? 1 : -1));
    const data = newestFirst.slice(0, limit);
    return {
      runs: await this.database.lookUp<ReconciliationPage['runs'][number]>(RUNS, []),
      data,
      nextCursor: newestFirst.length > limit ? encodeCursor(data.at(-1)!.id) : null,
    };
  }
}

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const money = (side: string) =>
  `case when ${side}_amount is not null then json_build_object('amount', ${side}_amount, 'currency', ${side}_currency) end`;

const DIFFERENCES = `
  select id, tenant_id as "organizationId", kind, case when repaired_at is null then 'open' else 'repaired' end as status, subject,
    order_id as "orderId", payment_id as "paymentId", refund_id as "refundId",
    ${money('provider')} as "atProvider", ${money('booked')} as booked,
    ${time('first_seen_at')} as "firstSeenAt", ${time('last_seen_at')} as "lastSeenAt", ${time('repaired_at')} as "repairedAt", repair
  from reconciliation_differences
  where (repaired_at is null or repaired_at > now() - interval '30 days')
    and ($2::text is null or ($2 = 'open') = (repaired_at is null))
    and ($1::uuid is null or id < $1)
  order by id desc limit $3`;

// How much was looked at is the whole platform's, and stays in the log.
const RUNS = `
  select distinct on (kind) kind, ${time('window_from')} as "from", ${time('window_to')} as "to", ${time('finished_at')} as "finishedAt"
  from reconciliation_runs where finished_at is not null order by kind, finished_at desc`;
