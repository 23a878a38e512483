import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { UnlinkIdentity } from '@app/contracts';
import { SecurityEvents } from '@app/observability';
import { notFound, ProblemError } from '@app/problem-details';
import { AccountNotices } from '../account-notices.js';
import { ExternalIdentityStore } from '../external-identity.store.js';
import { PasswordConfirmation } from '../password-confirmation.js';
import { ProvenChanges } from '../proven-changes.js';

export class UnlinkIdentityCommand extends Command<void> {
  constructor(
    readonly userId: string,
    readonly identityId: string,
    readonly given: UnlinkIdentity,
    /** Of the client; see `networkOfRequest`. */
    readonly network: string,
  ) {
    super();
  }
}

/** The identity leads nowhere: whoever comes with it next has an account of its own. */
@CommandHandler(UnlinkIdentityCommand)
export class UnlinkIdentityHandler implements ICommandHandler<UnlinkIdentityCommand> {
  constructor(
    private readonly confirmation: PasswordConfirmation,
    private readonly changes: ProvenChanges,
    private readonly identities: ExternalIdentityStore,
    private readonly notices: AccountNotices,
    private readonly security: SecurityEvents,
  ) {}

  /** @throws ProblemError `last-identity` without a password; `wrong-password`, `wrong-code`; `not-found` for another's. */
  async execute({ userId, identityId, given, network }: UnlinkIdentityCommand): Promise<void> {
    const account = await this.confirmation.accountOf(userId);
    if (account.passwordHash === undefined) throw new ProblemError('last-identity');
    await this.changes.make(account, given, network, async () => {
      if (!(await this.identities.unlink(userId, identityId))) throw notFound('The identity');
      await this.notices.tell(account, 'identity-unlinked');
    });
    this.security.tell('auth.identity-unlinked', { userId });
  }
}
