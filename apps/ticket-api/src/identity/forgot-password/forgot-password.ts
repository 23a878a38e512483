import { setTimeout as sleep } from 'node:timers/promises';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { passwordResetRequested, PLATFORM_TENANT } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Database } from '@app/persistence';
import { AccountStore } from '../account.store.js';
import { MAILS_AN_HOUR, PasswordResetStore } from '../mailed-token.store.js';
import { newSecretToken } from '../secret-token.js';
import { SignInFailureStore } from '../sign-in-failure.store.js';

/** Milliseconds after which everybody is answered, so that the work for an account that exists cannot be told by its time. */
export const ANSWER_AFTER = 250;

export class ForgotPasswordCommand extends Command<void> {
  constructor(
    readonly email: string,
    readonly network: string,
  ) {
    super();
  }
}

@CommandHandler(ForgotPasswordCommand)
export class ForgotPasswordHandler implements ICommandHandler<ForgotPasswordCommand> {
  constructor(
    private readonly database: Database,
    private readonly failures: SignInFailureStore,
    private readonly accounts: AccountStore,
    private readonly resets: PasswordResetStore,
    private readonly outbox: Outbox,
  ) {}

  /** Tells nothing of the account. @throws ProblemError `too-many-requests` when the address has asked for many mails. */
  async execute({ email, network }: ForgotPasswordCommand): Promise<void> {
    await this.failures.admitMail(network);
    await Promise.all([sleep(ANSWER_AFTER), this.mail(email)]);
  }

  /** Nothing, too, when so many mails left within the hour that one more would not help. */
  private async mail(email: string): Promise<void> {
    await this.database.asTenant(PLATFORM_TENANT, async () => {
      const account = await this.accounts.findByEmail(email);
      if (!account) return;
      const { id: userId, name } = account;
      const { count } = await this.resets.countRecent(userId);
      if (count >= MAILS_AN_HOUR) return;
      const { secret: token, hash } = newSecretToken();
      const expiresAt = await this.resets.add(hash, userId, email);
      await this.outbox.add(passwordResetRequested, {
        tenantId: PLATFORM_TENANT,
        data: { userId, name, email, token, expiresAt: expiresAt.toISOString() },
      });
    });
  }
}
