import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PLATFORM_TENANT } from '@app/contracts';
import { SecurityEvents } from '@app/observability';
import { Database } from '@app/persistence';
import { SessionStore } from '../session.store.js';

export class SignOutEverywhereCommand extends Command<void> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(SignOutEverywhereCommand)
export class SignOutEverywhereHandler implements ICommandHandler<SignOutEverywhereCommand> {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionStore,
    private readonly security: SecurityEvents,
  ) {}

  async execute({ userId }: SignOutEverywhereCommand): Promise<void> {
    await this.database.asTenant(PLATFORM_TENANT, () => this.sessions.revokeAll(userId));
    this.security.tell('auth.sessions-ended', { userId });
  }
}
