import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PLATFORM_TENANT } from '@app/contracts';
import { SecurityEvents } from '@app/observability';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import type { Client } from '../client.js';
import { SessionStore } from '../session.store.js';
import { SignedInPersons, type SignedIn } from '../signed-in.js';

export class RefreshSessionCommand extends Command<SignedIn> {
  constructor(
    readonly refreshToken: string | undefined,
    readonly client: Client,
  ) {
    super();
  }
}

@CommandHandler(RefreshSessionCommand)
export class RefreshSessionHandler implements ICommandHandler<RefreshSessionCommand> {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionStore,
    private readonly persons: SignedInPersons,
    private readonly security: SecurityEvents,
  ) {}

  async execute({ refreshToken, client }: RefreshSessionCommand): Promise<SignedIn> {
    if (!refreshToken) throw hasEnded();
    const exchanged = await this.database.asTenant(PLATFORM_TENANT, async () => {
      const session = await this.sessions.exchange(refreshToken, client);
      if (!session || 'reusedOf' in session) return session;
      return this.database.asTenant(PLATFORM_TENANT, () => this.persons.of(session), { userId: session.userId });
    });
    // After the commit: a reused token has just revoked its session.
    if (exchanged && 'user' in exchanged) return exchanged;
    if (exchanged) this.security.tell('auth.refresh-token-reused', exchanged.reusedOf);
    throw hasEnded();
  }
}

const hasEnded = () =>
  new ProblemError('invalid-credentials', 'There is no refresh token, or it has ended: sign in again.');
