import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PLATFORM_TENANT } from '@app/contracts';
import { SecurityEvents } from '@app/observability';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { AccountNotices } from '../account-notices.js';
import { AccountStore, type Credentials } from '../account.store.js';
import type { Client } from '../client.js';
import { KnownNetworkStore } from '../known-network.store.js';
import { Passwords } from '../passwords.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import { SessionStore } from '../session.store.js';
import { SignInFailureStore } from '../sign-in-failure.store.js';
import { invalidCredentials, SignedInPersons, type SignedIn } from '../signed-in.js';

export class SignInCommand extends Command<SignedIn> {
  constructor(
    readonly email: string,
    readonly password: string,
    readonly client: Client,
    /** Of the second factor. */
    readonly code: string | undefined,
  ) {
    super();
  }
}

/** An account that does not exist takes the same steps, the same time and gets the same answer as a wrong password. */
@CommandHandler(SignInCommand)
export class SignInHandler implements ICommandHandler<SignInCommand> {
  constructor(
    private readonly database: Database,
    private readonly failures: SignInFailureStore,
    private readonly networks: KnownNetworkStore,
    private readonly accounts: AccountStore,
    private readonly passwords: Passwords,
    private readonly factors: SecondFactors,
    private readonly notices: AccountNotices,
    private readonly sessions: SessionStore,
    private readonly persons: SignedInPersons,
    private readonly security: SecurityEvents,
  ) {}

  async execute({ email, password, client, code }: SignInCommand): Promise<SignedIn> {
    const { network } = client;
    await this.failures.admit(email, network);
    const account = await this.database.asPublic(() => this.accounts.findByEmail(email));
    const fits = await this.passwords.fits(password, account?.passwordHash);
    if (!fits || !account) {
      await this.failures.countForAddress(network);
      this.security.tell('auth.sign-in-failed', { userId: account?.id });
      throw invalidCredentials();
    }
    if (account.secondFactor) await this.admitCode(account, code, network);
    const start = async () => {
      if (!(await this.accounts.hasUnchangedCredentials(account))) throw invalidCredentials();
      const factor = account.secondFactor ? await this.acceptCode(account, code, network) : 'password';
      await this.failures.forgive(email, network);
      await this.networks.remember(account.id, network);
      const session = await this.sessions.start(account.id, client);
      return { signedIn: await this.persons.of(session), facts: { userId: account.id, sessionId: session.id, factor } };
    };
    const { signedIn, facts } = await this.database.asTenant(PLATFORM_TENANT, start, { userId: account.id });
    this.security.tell('auth.signed-in', facts);
    return signedIn;
  }

  /** After the right password alone. Codes are counted by themselves, so that six digits cannot be guessed. */
  private async admitCode({ email }: Credentials, code: string | undefined, network: string): Promise<void> {
    if (code !== undefined) return this.failures.admitSecondFactor(email, network);
    await this.database.asTenant(PLATFORM_TENANT, () => this.failures.forgive(email, network));
    throw new ProblemError('second-factor-required');
  }

  /** Works in the open transaction: the code is used up by the session that it starts. */
  private async acceptCode(account: Credentials, code: string | undefined, network: string): Promise<string> {
    const accepted = await this.factors.accept(account.id, code ?? '');
    if (!accepted) {
      this.security.tell('auth.second-factor-failed', { userId: account.id });
      throw new ProblemError('invalid-second-factor');
    }
    if (accepted === 'recovery-code') await this.notices.tell(account, 'recovery-code-used');
    await this.failures.forgiveSecondFactor(account.email, network);
    return accepted;
  }
}
