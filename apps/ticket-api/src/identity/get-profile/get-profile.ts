import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { User } from '@app/contracts';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { AccountStore } from '../account.store.js';

export class GetProfileQuery extends Query<User> {
  constructor(readonly userId: string) {
    super();
  }
}

@QueryHandler(GetProfileQuery)
export class GetProfileHandler implements IQueryHandler<GetProfileQuery> {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountStore,
  ) {}

  /** @throws ProblemError `unauthenticated` when a token outlived its account. */
  async execute({ userId }: GetProfileQuery): Promise<User> {
    const user = await this.database.asPerson(userId, () => this.accounts.findUser(userId));
    if (!user) throw new ProblemError('unauthenticated');
    return user;
  }
}
