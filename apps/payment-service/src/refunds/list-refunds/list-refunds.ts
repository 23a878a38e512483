import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Principal } from '@app/auth';
import { Id, type RefundCase, type RefundsQuery } from '@app/contracts';
import { decodeCursor, encodeCursor } from '@app/http';
import { Database } from '@app/persistence';
import { Organizers } from '../../organizers/organizers.module.js';
import { REFUND_CASE } from '../refund-cases.js';

interface RefundPage {
  data: RefundCase[];
  nextCursor: string | null;
}

export class ListRefundsQuery extends Query<RefundPage> {
  constructor(
    readonly who: Principal,
    readonly wish: RefundsQuery,
  ) {
    super();
  }
}

/**
 * Refunds of the caller's own organizations that wait for a person, or that a person has dealt with, newest first; none that
 * goes its way by itself.
 */
@QueryHandler(ListRefundsQuery)
export class ListRefundsHandler implements IQueryHandler<ListRefundsQuery> {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Organizers) private readonly organizers: Organizers,
  ) {}

  /** @throws ProblemError `forbidden` for a person who organizes nothing, `validation-failed`, `service-unavailable`. */
  async execute({ who, wish }: ListRefundsQuery): Promise<RefundPage> {
    const { limit, cursor, organizationId, status } = wish;
    const before = decodeCursor(cursor, Id) ?? null;
    const found: RefundCase[] = [];
    for (const tenantId of await this.organizers.tenantsOf(who, organizationId)) {
      const rows = await this.database.asTenant(tenantId, (transaction) =>
        transaction.query<RefundCase>(
          `${REFUND_CASE} where status = $1 and (status not in ('pending', 'succeeded') or round > 0) and ($2::uuid is null or id < $2) order by id desc limit $3`,
          [status, before, limit + 1],
        ),
      );
      found.push(...rows);
    }
    const newestFirst = found.sort((a, b) => (a.id < b.id ? 1 : -1));
    const data = newestFirst.slice(0, limit);
    return { data, nextCursor: newestFirst.length > limit ? encodeCursor(data.at(-1)!.id) : null };
  }
}
