import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Database } from '@app/persistence';

export interface RevokedSessions {
  sessionIds: string[];
  /** To ask with next time. */
  now: string;
}

/** Sessions that ended at or after `since`, or whose tokens could still be alive without it. */
export class RevokedSessionsQuery extends Query<RevokedSessions> {
  constructor(readonly since: string | undefined) {
    super();
  }
}

@QueryHandler(RevokedSessionsQuery)
export class RevokedSessionsHandler implements IQueryHandler<RevokedSessionsQuery> {
  constructor(private readonly database: Database) {}

  execute({ since }: RevokedSessionsQuery): Promise<RevokedSessions> {
    return this.database.asPublic(async (transaction) => {
      const [row] = await transaction.query<{ session_ids: string[]; now: Date }>(REVOKED, [since ?? null]);
      return { sessionIds: row!.session_ids, now: row!.now.toISOString() };
    });
  }
}

/**
 * Answers overlap by half a minute, because a revocation may commit some seconds after the time that it bears. Further
 * back than access tokens live, with a minute for clocks, nobody needs to know.
 */
const REVOKED = `
  select now() as now, coalesce(array_agg(id) filter (where id is not null), '{}') as session_ids
  from (select) as always left join sessions
    on revoked_at >= greatest(coalesce($1::timestamptz, '-infinity') - interval '30 seconds', now() - interval '11 minutes')`;
