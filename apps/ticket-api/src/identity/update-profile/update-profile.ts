import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PLATFORM_TENANT, type UpdateProfile, type User } from '@app/contracts';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { AccountStore } from '../account.store.js';

export class UpdateProfileCommand extends Command<User> {
  constructor(
    readonly userId: string,
    readonly changes: UpdateProfile,
  ) {
    super();
  }
}

@CommandHandler(UpdateProfileCommand)
export class UpdateProfileHandler implements ICommandHandler<UpdateProfileCommand> {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountStore,
  ) {}

  /** @throws ProblemError `unauthenticated` when a token outlived its account. */
  execute({ userId, changes: { name } }: UpdateProfileCommand): Promise<User> {
    const update = async () => {
      if (name !== undefined) await this.accounts.rename(userId, name);
      const user = await this.accounts.findUser(userId);
      if (!user) throw new ProblemError('unauthenticated');
      return user;
    };
    return this.database.asTenant(PLATFORM_TENANT, update, { userId });
  }
}
