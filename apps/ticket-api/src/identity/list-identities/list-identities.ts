import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Id, type LinkedIdentity, type PageQuery } from '@app/contracts';
import { decodeCursor, encodeCursor } from '@app/http';
import { ExternalIdentityStore } from '../external-identity.store.js';

export interface IdentityPage {
  data: LinkedIdentity[];
  nextCursor: string | null;
}

/** Who a person is at other issuers, newest first. */
export class ListIdentitiesQuery extends Query<IdentityPage> {
  constructor(
    readonly userId: string,
    readonly page: PageQuery,
  ) {
    super();
  }
}

@QueryHandler(ListIdentitiesQuery)
export class ListIdentitiesHandler implements IQueryHandler<ListIdentitiesQuery> {
  constructor(private readonly identities: ExternalIdentityStore) {}

  async execute({ userId, page: { limit, cursor } }: ListIdentitiesQuery): Promise<IdentityPage> {
    const before = decodeCursor(cursor, Id) ?? null;
    const rows = await this.identities.ofPerson(userId, limit + 1, before);
    const data = rows.slice(0, limit);
    return { data, nextCursor: rows.length > limit ? encodeCursor(data.at(-1)!.id) : null };
  }
}
