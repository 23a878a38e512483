import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PLATFORM_TENANT } from '@app/contracts';
import { Database } from '@app/persistence';
import { SessionStore } from '../session.store.js';

export class SignOutCommand extends Command<void> {
  constructor(
    readonly sessionId: string | undefined,
    readonly refreshToken: string | undefined,
  ) {
    super();
  }
}

/** Ends the session of the access token and that of the refresh token. Nothing to end is no error. */
@CommandHandler(SignOutCommand)
export class SignOutHandler implements ICommandHandler<SignOutCommand> {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionStore,
  ) {}

  async execute({ sessionId, refreshToken }: SignOutCommand): Promise<void> {
    if (!sessionId && !refreshToken) return;
    await this.database.asTenant(PLATFORM_TENANT, async () => {
      const other = refreshToken && (await this.sessions.findByRefreshToken(refreshToken));
      await this.sessions.revoke([sessionId, other].filter((id): id is string => Boolean(id)));
    });
  }
}
