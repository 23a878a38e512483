import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Identity } from '@app/auth';
import { PLATFORM_TENANT, type ChangePassword } from '@app/contracts';
import { SecurityEvents } from '@app/observability';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { AccountNotices } from '../account-notices.js';
import { AccountStore } from '../account.store.js';
import { PasswordResetStore } from '../mailed-token.store.js';
import { PasswordConfirmation } from '../password-confirmation.js';
import { refuseWeakPassword } from '../password-policy.js';
import { Passwords } from '../passwords.js';
import { SessionStore } from '../session.store.js';

export class ChangePasswordCommand extends Command<void> {
  constructor(
    readonly caller: Pick<Identity, 'userId' | 'sessionId'>,
    readonly given: ChangePassword,
  ) {
    super();
  }
}

/** The session of the call goes on; every other one ends, for it may be that of whoever knew the old password. */
@CommandHandler(ChangePasswordCommand)
export class ChangePasswordHandler implements ICommandHandler<ChangePasswordCommand> {
  constructor(
    private readonly database: Database,
    private readonly confirmation: PasswordConfirmation,
    private readonly passwords: Passwords,
    private readonly accounts: AccountStore,
    private readonly sessions: SessionStore,
    private readonly resets: PasswordResetStore,
    private readonly notices: AccountNotices,
    private readonly security: SecurityEvents,
  ) {}

  /** @throws ProblemError `wrong-password`, `validation-failed` for a weak new one. */
  async execute({ caller: { userId, sessionId }, given }: ChangePasswordCommand): Promise<void> {
    const account = await this.confirmation.accountOf(userId);
    refuseWeakPassword('newPassword', given.newPassword, account);
    await this.confirmation.confirm(account, given.currentPassword);
    const passwordHash = await this.passwords.hash(given.newPassword);
    await this.database.asTenant(PLATFORM_TENANT, async () => {
      // Somebody else may have changed it since it was confirmed.
      if (!(await this.accounts.changePassword(account, passwordHash))) throw new ProblemError('wrong-password');
      await this.sessions.revokeAll(userId, sessionId);
      await this.resets.forget(userId);
      await this.notices.tell(account, 'password-changed');
    });
    this.security.tell('auth.password-changed', { userId });
  }
}
