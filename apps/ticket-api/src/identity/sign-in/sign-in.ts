import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PLATFORM_TENANT } from '@app/contracts';
import { Database } from '@app/persistence';
import { AccountStore } from '../account.store.js';
import { Passwords } from '../passwords.js';
import { SessionStore } from '../session.store.js';
import { SignInFailureStore } from '../sign-in-failure.store.js';
import { invalidCredentials, SignedInPersons, type SignedIn } from '../signed-in.js';

export class SignInCommand extends Command<SignedIn> {
  constructor(
    readonly email: string,
    readonly password: string,
    /** Of the client; see `ClientNetwork`. */
    readonly network: string,
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
    private readonly accounts: AccountStore,
    private readonly passwords: Passwords,
    private readonly sessions: SessionStore,
    private readonly persons: SignedInPersons,
  ) {}

  async execute({ email, password, network }: SignInCommand): Promise<SignedIn> {
    await this.failures.admit(email, network);
    const account = await this.database.asPublic(() => this.accounts.findByEmail(email));
    const fits = await this.passwords.fits(password, account?.passwordHash);
    if (!fits || !account) {
      await this.failures.countForAddress(network);
      throw invalidCredentials();
    }
    const start = async () => {
      await this.failures.forgive(email, network);
      return this.persons.of(await this.sessions.start(account.id));
    };
    return this.database.asTenant(PLATFORM_TENANT, start, { userId: account.id });
  }
}
