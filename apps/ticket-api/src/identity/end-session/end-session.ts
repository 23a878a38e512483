import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PLATFORM_TENANT } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { SessionStore } from '../session.store.js';

export class EndSessionCommand extends Command<void> {
  constructor(
    readonly userId: string,
    readonly sessionId: string,
  ) {
    super();
  }
}

@CommandHandler(EndSessionCommand)
export class EndSessionHandler implements ICommandHandler<EndSessionCommand> {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionStore,
  ) {}

  /** @throws ProblemError `not-found` for another person's session, and for one that has ended. */
  async execute({ userId, sessionId }: EndSessionCommand): Promise<void> {
    const end = () => this.sessions.revokeOwn(userId, sessionId);
    if (!(await this.database.asTenant(PLATFORM_TENANT, end))) throw notFound('The session');
  }
}
