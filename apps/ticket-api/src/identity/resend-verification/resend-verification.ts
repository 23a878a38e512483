import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PLATFORM_TENANT } from '@app/contracts';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { AccountStore } from '../account.store.js';
import { EmailVerifications } from '../email-verifications.js';
import { EmailVerificationStore, MAILS_AN_HOUR } from '../mailed-token.store.js';

export class ResendVerificationCommand extends Command<void> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(ResendVerificationCommand)
export class ResendVerificationHandler implements ICommandHandler<ResendVerificationCommand> {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountStore,
    private readonly store: EmailVerificationStore,
    private readonly verifications: EmailVerifications,
  ) {}

  /** Does nothing for an e-mail that was proven. @throws ProblemError `too-many-requests` with `retryAfter` seconds. */
  async execute({ userId }: ResendVerificationCommand): Promise<void> {
    await this.database.asTenant(PLATFORM_TENANT, async () => {
      const { count, secondsToOldest: retryAfter } = await this.store.countRecent(userId);
      const user = await this.accounts.findUser(userId);
      if (!user || user.emailVerified) return;
      if (count >= MAILS_AN_HOUR)
        throw new ProblemError('too-many-requests', `We sent you ${count} mails within an hour.`, { retryAfter });
      await this.verifications.request(user);
    });
  }
}
