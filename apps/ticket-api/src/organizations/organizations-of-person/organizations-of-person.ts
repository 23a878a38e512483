import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Role } from '@app/contracts';
import { Database } from '@app/persistence';

export interface Membership {
  /** Of the organization, which is the tenant. */
  id: string;
  role: Role;
}

/** All organizations that a person belongs to, with the role there; none for somebody unknown. */
export class OrganizationsOfPersonQuery extends Query<Membership[]> {
  constructor(readonly userId: string) {
    super();
  }
}

@QueryHandler(OrganizationsOfPersonQuery)
export class OrganizationsOfPersonHandler implements IQueryHandler<OrganizationsOfPersonQuery> {
  constructor(private readonly database: Database) {}

  execute({ userId }: OrganizationsOfPersonQuery): Promise<Membership[]> {
    return this.database.asPerson(userId, (transaction) =>
      transaction.query<Membership>('select tenant_id as id, role from members where user_id = $1 order by tenant_id', [
        userId,
      ]),
    );
  }
}
