import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Identity } from '@app/auth';
import { PLATFORM_TENANT } from '@app/contracts';
import { SecurityEvents } from '@app/observability';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { AccountNotices } from '../account-notices.js';
import { AccountStore } from '../account.store.js';
import { PasswordConfirmation } from '../password-confirmation.js';
import { newRecoveryCodes, recoveryCodeHash } from '../second-factor/recovery-codes.js';
import { SecondFactorStore } from '../second-factor/second-factor.store.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import { SessionStore } from '../session.store.js';

export class ConfirmSecondFactorCommand extends Command<string[]> {
  constructor(
    readonly caller: Pick<Identity, 'userId' | 'sessionId'>,
    readonly code: string,
  ) {
    super();
  }
}

@CommandHandler(ConfirmSecondFactorCommand)
export class ConfirmSecondFactorHandler implements ICommandHandler<ConfirmSecondFactorCommand> {
  constructor(
    private readonly database: Database,
    private readonly confirmation: PasswordConfirmation,
    private readonly accounts: AccountStore,
    private readonly factors: SecondFactorStore,
    private readonly codes: SecondFactors,
    private readonly sessions: SessionStore,
    private readonly notices: AccountNotices,
    private readonly security: SecurityEvents,
  ) {}

  /** @returns the recovery codes, which are kept as hashes. @throws ProblemError `not-found` when none waits; `wrong-code`. */
  async execute({ caller: { userId, sessionId }, code }: ConfirmSecondFactorCommand): Promise<string[]> {
    const account = await this.confirmation.accountOf(userId);
    const recoveryCodes = newRecoveryCodes();
    await this.database.asTenant(PLATFORM_TENANT, async () => {
      await this.accounts.lock(userId);
      const factor = await this.factors.find(userId);
      if (!factor || factor.isConfirmed) throw notFound('A second factor that waits for its first code');
      const step = this.codes.stepOf(userId, factor, code);
      if (step === undefined) throw new ProblemError('wrong-code');
      const hashes = recoveryCodes.map((recoveryCode) => recoveryCodeHash(userId, recoveryCode));
      await this.factors.confirm(userId, step, hashes);
      await this.accounts.renewCredentials(userId);
      await this.sessions.revokeAll(userId, sessionId);
      await this.notices.tell(account, 'second-factor-added');
    });
    this.security.tell('auth.second-factor-added', { userId });
    return recoveryCodes;
  }
}
