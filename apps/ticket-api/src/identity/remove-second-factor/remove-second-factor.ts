import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Identity } from '@app/auth';
import type { RemoveSecondFactor } from '@app/contracts';
import { SecurityEvents } from '@app/observability';
import { notFound } from '@app/problem-details';
import { AccountNotices } from '../account-notices.js';
import { AccountStore } from '../account.store.js';
import { PasswordConfirmation } from '../password-confirmation.js';
import { ProvenChanges } from '../proven-changes.js';
import { SecondFactorStore } from '../second-factor/second-factor.store.js';
import { SessionStore } from '../session.store.js';

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
    private readonly confirmation: PasswordConfirmation,
    private readonly changes: ProvenChanges,
    private readonly accounts: AccountStore,
    private readonly store: SecondFactorStore,
    private readonly sessions: SessionStore,
    private readonly notices: AccountNotices,
    private readonly security: SecurityEvents,
  ) {}

  /** @throws ProblemError `not-found` without a confirmed one; `wrong-password`, `wrong-code`. */
  async execute({ caller: { userId, sessionId }, given, network }: RemoveSecondFactorCommand): Promise<void> {
    const account = await this.confirmation.accountOf(userId);
    await this.changes.make(account, given, network, async () => {
      if (!account.secondFactor) throw notFound('A second factor');
      await this.store.remove(userId);
      await this.accounts.renewCredentials(userId);
      await this.sessions.revokeAll(userId, sessionId);
      await this.notices.tell(account, 'second-factor-removed');
    });
    this.security.tell('auth.second-factor-removed', { userId });
  }
}
