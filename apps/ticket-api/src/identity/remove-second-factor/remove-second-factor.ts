import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Identity } from '@app/auth';
import { PLATFORM_TENANT, type RemoveSecondFactor } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { AccountNotices } from '../account-notices.js';
import { AccountStore } from '../account.store.js';
import { PasswordConfirmation } from '../password-confirmation.js';
import { SecondFactorStore } from '../second-factor/second-factor.store.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import { SessionStore } from '../session.store.js';
import { SignInFailureStore } from '../sign-in-failure.store.js';

export class RemoveSecondFactorCommand extends Command<void> {
  constructor(
    readonly caller: Pick<Identity, 'userId' | 'sessionId'>,
    readonly given: RemoveSecondFactor,
    /** Of the client; see `networkOfRequest`. */
    readonly network: string,
  ) {
    super();
  }
}

@CommandHandler(RemoveSecondFactorCommand)
export class RemoveSecondFactorHandler implements ICommandHandler<RemoveSecondFactorCommand> {
  constructor(
    private readonly database: Database,
    private readonly confirmation: PasswordConfirmation,
    private readonly accounts: AccountStore,
    private readonly failures: SignInFailureStore,
    private readonly store: SecondFactorStore,
    private readonly factors: SecondFactors,
    private readonly sessions: SessionStore,
    private readonly notices: AccountNotices,
  ) {}

  /** @throws ProblemError `not-found` without a confirmed one; `wrong-password`, `wrong-code`. */
  async execute({ caller: { userId, sessionId }, given, network }: RemoveSecondFactorCommand): Promise<void> {
    const account = await this.confirmation.accountOf(userId);
    await this.confirmation.confirm(account, given.password);
    if (!account.secondFactor) throw notFound('A second factor');
    await this.failures.admitSecondFactor(account.email, network);
    await this.database.asTenant(PLATFORM_TENANT, async () => {
      await this.accounts.lock(userId);
      if (!(await this.factors.accept(userId, given.code))) throw new ProblemError('wrong-code');
      await this.store.remove(userId);
      await this.accounts.renewCredentials(userId);
      await this.sessions.revokeAll(userId, sessionId);
      await this.failures.forgiveSecondFactor(account.email, network);
      await this.notices.tell(account, 'second-factor-removed');
    });
  }
}
