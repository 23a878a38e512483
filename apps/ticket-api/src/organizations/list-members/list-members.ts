import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Id, type Member, type PageQuery } from '@app/contracts';
import { decodeCursor, encodeCursor } from '@app/http';
import { Database } from '@app/persistence';

export interface MemberPage {
  data: Member[];
  nextCursor: string | null;
}

export class ListMembersQuery extends Query<MemberPage> {
  constructor(
    readonly tenantId: string,
    readonly page: PageQuery,
  ) {
    super();
  }
}

@QueryHandler(ListMembersQuery)
export class ListMembersHandler implements IQueryHandler<ListMembersQuery> {
  constructor(private readonly database: Database) {}

  async execute({ tenantId, page: { limit, cursor } }: ListMembersQuery): Promise<MemberPage> {
    const after = decodeCursor(cursor, Id) ?? null;
    const rows = await this.database.asTenant(tenantId, (transaction) =>
      transaction.query<Member>(
        `select m.user_id as "userId", u.name, u.email, m.role from members m join users u on u.id = m.user_id
         where m.tenant_id = $1 and ($2::uuid is null or m.user_id > $2) order by m.user_id limit $3`,
        [tenantId, after, limit + 1],
      ),
    );
    const data = rows.slice(0, limit);
    return { data, nextCursor: rows.length > limit ? encodeCursor(data.at(-1)!.userId) : null };
  }
}
