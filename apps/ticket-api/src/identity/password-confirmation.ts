import { Injectable } from '@nestjs/common';
import { PLATFORM_TENANT } from '@app/contracts';
import { SecurityEvents } from '@app/observability';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { AccountStore, type Credentials } from './account.store.js';
import { Passwords } from './passwords.js';
import { SignInFailureStore } from './sign-in-failure.store.js';

/** What an account is entered with is changed by nobody who has but a session: that may be stolen (OWASP ASVS 5.0, 7.5.1). */
@Injectable()
export class PasswordConfirmation {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountStore,
    private readonly failures: SignInFailureStore,
    private readonly passwords: Passwords,
    private readonly security: SecurityEvents,
  ) {}

  /** @throws ProblemError `unauthenticated` when a token outlived its account. */
  async accountOf(userId: string): Promise<Credentials> {
    const account = await this.database.asPublic(() => this.accounts.findCredentials(userId));
    if (!account) throw new ProblemError('unauthenticated');
    return account;
  }

  /** @throws ProblemError `wrong-password`, also where there is none; `too-many-requests` after many, from wherever. */
  async confirm({ id, email, passwordHash }: Credentials, password: string): Promise<void> {
    // Counted by e-mail: who has no password must not count against an account of ours with the same one.
    if (passwordHash === undefined) throw new ProblemError('wrong-password');
    await this.failures.admitConfirmation(email);
    if (!(await this.passwords.fits(password, passwordHash))) {
      this.security.tell('auth.password-confirmation-failed', { userId: id });
      throw new ProblemError('wrong-password');
    }
    await this.database.asTenant(PLATFORM_TENANT, () => this.failures.forgiveConfirmation(email));
  }
}
