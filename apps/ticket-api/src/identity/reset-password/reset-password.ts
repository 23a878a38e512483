import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PLATFORM_TENANT, type ResetPassword } from '@app/contracts';
import { SecurityEvents } from '@app/observability';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { AccountNotices } from '../account-notices.js';
import { AccountStore, type Credentials } from '../account.store.js';
import { KnownNetworkStore } from '../known-network.store.js';
import { PasswordResetStore } from '../mailed-token.store.js';
import { refuseWeakPassword } from '../password-policy.js';
import { Passwords } from '../passwords.js';
import { hashOf } from '../secret-token.js';
import { SessionStore } from '../session.store.js';
import { SignInFailureStore } from '../sign-in-failure.store.js';

export class ResetPasswordCommand extends Command<void> {
  constructor(
    readonly given: ResetPassword,
    /** Of the client; see `networkOfRequest`. */
    readonly network: string,
  ) {
    super();
  }
}

/**
 * Whoever has the mail is the person: the e-mail is proven by it, all sessions end, and what was guessed at the old
 * password is made good. A second factor stays, and is asked for at the next sign-in.
 */
@CommandHandler(ResetPasswordCommand)
export class ResetPasswordHandler implements ICommandHandler<ResetPasswordCommand> {
  constructor(
    private readonly database: Database,
    private readonly resets: PasswordResetStore,
    private readonly accounts: AccountStore,
    private readonly passwords: Passwords,
    private readonly sessions: SessionStore,
    private readonly failures: SignInFailureStore,
    private readonly networks: KnownNetworkStore,
    private readonly notices: AccountNotices,
    private readonly security: SecurityEvents,
  ) {}

  /** @throws ProblemError `invalid-token`; `validation-failed` for a weak password, which leaves the token as it is. */
  async execute({ given: { token, newPassword }, network }: ResetPasswordCommand): Promise<void> {
    const tokenHash = hashOf(token);
    const account = await this.accountOf(tokenHash);
    refuseWeakPassword('newPassword', newPassword, account);
    const passwordHash = await this.passwords.hash(newPassword);
    await this.database.asTenant(PLATFORM_TENANT, async () => {
      // The account first, as everybody does who changes it: two that wait for each other would wait for ever.
      await this.accounts.lock(account.id);
      const proven = await this.resets.redeem(tokenHash);
      if (!proven || !(await this.accounts.resetPassword(account.id, proven.email, passwordHash))) throw invalidToken();
      await this.resets.forget(account.id);
      await this.sessions.revokeAll(account.id);
      await this.failures.forgiveAll(account.email);
      await this.networks.remember(account.id, network);
      await this.notices.tell(account, 'password-reset');
    });
    this.security.tell('auth.password-reset', { userId: account.id });
  }

  /** Looked at before anything is hashed: a made-up token costs us nothing. */
  private async accountOf(tokenHash: Buffer): Promise<Credentials> {
    const account = await this.database.asPublic(async () => {
      const found = await this.resets.find(tokenHash);
      return found && this.accounts.findCredentials(found.userId);
    });
    if (!account) throw invalidToken();
    return account;
  }
}

const invalidToken = () => new ProblemError('invalid-token', 'Ask for a new mail and use its token within an hour.');
