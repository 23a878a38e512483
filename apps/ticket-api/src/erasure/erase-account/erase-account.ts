import { Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { erasedAddress, PLATFORM_TENANT, userErased } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { SecurityEvents } from '@app/observability';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { SignInFailureStore } from '../../identity/identity.module.js';
import { ErasureStore } from '../erasure.store.js';
import { CancelHoldsOfErased } from '../../orders/orders.module.js';

export class EraseAccountCommand extends Command<void> {
  constructor(readonly userId: string) {
    super();
  }
}

/**
 * The person goes from the account in one transaction, which tells the other services. Orders, tickets and books stay, with an
 * id that leads to nobody; what was paid for still admits. Open holds are let go at once, each in its tenant's own
 * transaction: what a crash leaves, or what is ordered in the seconds until the access tokens end, the timer lets go.
 */
@CommandHandler(EraseAccountCommand)
export class EraseAccountHandler implements ICommandHandler<EraseAccountCommand> {
  private readonly log = new Logger('Erasure');

  constructor(
    private readonly database: Database,
    private readonly store: ErasureStore,
    private readonly failures: SignInFailureStore,
    private readonly holds: CancelHoldsOfErased,
    private readonly outbox: Outbox,
    private readonly security: SecurityEvents,
  ) {}

  /** @throws ProblemError `unauthenticated` when it is erased already; `last-owner` with the `organizations`. */
  async execute({ userId }: EraseAccountCommand): Promise<void> {
    await this.database.asTenant(PLATFORM_TENANT, async () => {
      const account = await this.store.lock(userId);
      if (!account) throw new ProblemError('unauthenticated', 'This account was erased.');
      // What lies at somebody else's address stays.
      const email = account.proven ? account.email : erasedAddress(userId);
      const organizations = await this.store.leaveOrganizations(userId, email);
      if (organizations.length > 0) throw lastOwner(organizations);
      if (account.local) await this.failures.forgiveAll(email);
      await this.store.eraseTransfers(userId);
      await this.store.eraseAccount(userId);
      await this.store.eraseTraces(userId);
      await this.outbox.add(userErased, { tenantId: PLATFORM_TENANT, data: { userId, email } });
    });
    this.security.tell('account.erased', { userId });
    await this.holds.look().catch((error: unknown) => this.log.warn('Open holds wait for the timer', error));
  }
}

const lastOwner = (organizations: readonly { id: string; name: string }[]) =>
  new ProblemError(
    'last-owner',
    `Make somebody else an owner first: ${organizations.map(({ name }) => name).join(', ')}.`,
    { organizations },
  );
