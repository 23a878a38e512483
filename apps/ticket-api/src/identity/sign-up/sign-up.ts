import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PLATFORM_TENANT, type SignUp, type User } from '@app/contracts';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { v7 as uuidv7 } from 'uuid';
import { AccountStore } from '../account.store.js';
import { EmailVerifications } from '../email-verifications.js';
import { refuseWeakPassword } from '../password-policy.js';
import { Passwords } from '../passwords.js';

export class SignUpCommand extends Command<User> {
  constructor(readonly given: SignUp) {
    super();
  }
}

@CommandHandler(SignUpCommand)
export class SignUpHandler implements ICommandHandler<SignUpCommand> {
  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly accounts: AccountStore,
    private readonly verifications: EmailVerifications,
  ) {}

  /** @throws ProblemError `email-taken`, `validation-failed` for a weak password. */
  async execute({ given: { email, password, name } }: SignUpCommand): Promise<User> {
    refuseWeakPassword('password', password, { email, name });
    const account = { id: uuidv7(), email, name, passwordHash: await this.passwords.hash(password) };
    const inTransaction = async () => {
      const opened = await this.accounts.open(account);
      if (!opened) throw new ProblemError('email-taken', 'Sign in, or use another e-mail.');
      await this.verifications.request(account);
    };
    await this.database.asTenant(PLATFORM_TENANT, inTransaction);
    return { id: account.id, email, name, roles: ['buyer'], emailVerified: false, secondFactor: false };
  }
}
