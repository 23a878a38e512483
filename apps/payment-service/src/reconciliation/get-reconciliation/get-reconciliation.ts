import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Principal } from '@app/auth';
import { Id, type DifferenceView, type ReconciliationPage, type ReconciliationQuery } from '@app/contracts';
import { decodeCursor, encodeCursor } from '@app/http';
import { Database } from '@app/persistence';
import { Organizers } from '../../organizers/organizers.module.js';
import { DIFFERENCE, ON_PAGE, time } from '../difference-view.js';

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
 * days. Those of no tenant are the administrators' (`UnclaimedDifferences`).
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

const DIFFERENCES = `
  select ${DIFFERENCE}, tenant_id as "organizationId", order_id as "orderId", payment_id as "paymentId", refund_id as "refundId"
  from reconciliation_differences where ${ON_PAGE}`;

// How much was looked at is the whole platform's, and stays in the log.
const RUNS = `
  select distinct on (kind) kind, ${time('window_from')} as "from", ${time('window_to')} as "to", ${time('finished_at')} as "finishedAt"
  from reconciliation_runs where finished_at is not null order by kind, finished_at desc`;
