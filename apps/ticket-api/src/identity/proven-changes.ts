import { Injectable } from '@nestjs/common';
import { PLATFORM_TENANT, type UnlinkIdentity } from '@app/contracts';
import { SecurityEvents } from '@app/observability';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { AccountStore, type Credentials } from './account.store.js';
import { PasswordConfirmation } from './password-confirmation.js';
import { SecondFactors } from './second-factor/second-factors.js';
import { SignInFailureStore } from './sign-in-failure.store.js';

/** The password, and the code of an account that has a second factor. */
type Proof = Pick<UnlinkIdentity, 'password' | 'code'>;

/** Changes of the ways into an account, by whoever proves once more to be its person by all that signing in takes. */
@Injectable()
export class ProvenChanges {
  constructor(
    private readonly database: Database,
    private readonly confirmation: PasswordConfirmation,
    private readonly accounts: AccountStore,
    private readonly failures: SignInFailureStore,
    private readonly factors: SecondFactors,
    private readonly security: SecurityEvents,
  ) {}

  /**
   * Makes the change in a transaction of the platform in which the account is locked; the code is used up by it.
   * @param network of the client; see `networkOfRequest`
   * @throws ProblemError `wrong-password`, `wrong-code`, `too-many-requests` after many
   */
  async make<Result>(
    account: Credentials,
    { password, code }: Proof,
    network: string,
    change: () => Promise<Result>,
  ): Promise<Result> {
    await this.confirmation.confirm(account, password);
    if (account.secondFactor) await this.failures.admitSecondFactor(account.email, network);
    return this.database.asTenant(PLATFORM_TENANT, async () => {
      await this.accounts.lock(account.id);
      // Somebody else may have changed them since they were confirmed.
      if (!(await this.accounts.hasUnchangedCredentials(account))) throw new ProblemError('wrong-password');
      if (account.secondFactor) await this.acceptCode(account, code ?? '', network);
      return change();
    });
  }

  private async acceptCode({ id, email }: Credentials, code: string, network: string): Promise<void> {
    if (!(await this.factors.accept(id, code))) {
      this.security.tell('auth.second-factor-failed', { userId: id });
      throw new ProblemError('wrong-code');
    }
    await this.failures.forgiveSecondFactor(email, network);
  }
}
