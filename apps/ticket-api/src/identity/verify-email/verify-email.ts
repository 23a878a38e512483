import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PLATFORM_TENANT, type User } from '@app/contracts';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { AccountStore } from '../account.store.js';
import { EmailVerificationStore } from '../mailed-token.store.js';
import { hashOf } from '../secret-token.js';

export class VerifyEmailCommand extends Command<User> {
  constructor(readonly token: string) {
    super();
  }
}

@CommandHandler(VerifyEmailCommand)
export class VerifyEmailHandler implements ICommandHandler<VerifyEmailCommand> {
  constructor(
    private readonly database: Database,
    private readonly verifications: EmailVerificationStore,
    private readonly accounts: AccountStore,
  ) {}

  execute({ token }: VerifyEmailCommand): Promise<User> {
    return this.database.asTenant(PLATFORM_TENANT, async () => {
      const proven = await this.verifications.redeem(hashOf(token));
      if (!proven || !(await this.accounts.markEmailVerified(proven.userId, proven.email))) throw invalidToken();
      const { userId } = proven;
      await this.verifications.forget(userId);
      const user = await this.database.asTenant(PLATFORM_TENANT, () => this.accounts.findUser(userId), { userId });
      if (!user) throw invalidToken();
      return user;
    });
  }
}

const invalidToken = () =>
  new ProblemError(
    'invalid-token',
    'Ask for a new mail (`POST /auth/verify-email/resend`) and send its token within 24 hours.',
  );
