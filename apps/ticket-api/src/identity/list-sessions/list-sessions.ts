import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Id, type PageQuery, type UserSession } from '@app/contracts';
import { decodeCursor, encodeCursor } from '@app/http';
import { Database } from '@app/persistence';

export interface SessionPage {
  data: UserSession[];
  nextCursor: string | null;
}

interface Row {
  id: string;
  created_at: Date;
  last_used_at: Date;
  user_agent: string | null;
  network: string | null;
}

/** The sessions of a person that go on, newest first. */
export class ListSessionsQuery extends Query<SessionPage> {
  constructor(
    readonly userId: string,
    readonly currentId: string,
    readonly page: PageQuery,
  ) {
    super();
  }
}

@QueryHandler(ListSessionsQuery)
export class ListSessionsHandler implements IQueryHandler<ListSessionsQuery> {
  constructor(private readonly database: Database) {}

  async execute({ userId, currentId, page: { limit, cursor } }: ListSessionsQuery): Promise<SessionPage> {
    const before = decodeCursor(cursor, Id) ?? null;
    const rows = await this.database.asPerson(userId, (transaction) =>
      transaction.query<Row>(
        `select id, created_at, last_used_at, user_agent, network from sessions
         where user_id = $1 and revoked_at is null and expires_at > now() and ($2::uuid is null or id < $2)
         order by id desc limit $3`,
        [userId, before, limit + 1],
      ),
    );
    const data = rows.slice(0, limit).map((row): UserSession => ({
      id: row.id,
      createdAt: row.created_at.toISOString(),
      lastUsedAt: row.last_used_at.toISOString(),
      current: row.id === currentId,
      userAgent: row.user_agent,
      network: row.network,
    }));
    return { data, nextCursor: rows.length > limit ? encodeCursor(data.at(-1)!.id) : null };
  }
}
