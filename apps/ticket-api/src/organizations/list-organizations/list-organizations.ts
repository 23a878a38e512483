import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Id, type Organization, type PageQuery } from '@app/contracts';
import { decodeCursor, encodeCursor } from '@app/http';
import { Database } from '@app/persistence';
import { STATUS } from '../organization.store.js';

export interface OrganizationPage {
  data: Organization[];
  nextCursor: string | null;
}

/** The organizations that a person belongs to, oldest first. */
export class ListOrganizationsQuery extends Query<OrganizationPage> {
  constructor(
    readonly userId: string,
    readonly page: PageQuery,
  ) {
    super();
  }
}

@QueryHandler(ListOrganizationsQuery)
export class ListOrganizationsHandler implements IQueryHandler<ListOrganizationsQuery> {
  constructor(private readonly database: Database) {}

  async execute({ userId, page: { limit, cursor } }: ListOrganizationsQuery): Promise<OrganizationPage> {
    const after = decodeCursor(cursor, Id) ?? null;
    const rows = await this.database.asPerson(userId, (transaction) =>
      transaction.query<Organization>(
        `select o.tenant_id as id, o.name, o.slug, ${STATUS} as status, m.role from members m join organizations o using (tenant_id)
         where m.user_id = $1 and ($2::uuid is null or o.tenant_id > $2) order by o.tenant_id limit $3`,
        [userId, after, limit + 1],
      ),
    );
    const data = rows.slice(0, limit);
    return { data, nextCursor: rows.length > limit ? encodeCursor(data.at(-1)!.id) : null };
  }
}
