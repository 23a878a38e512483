import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PLATFORM_TENANT, type PendingSecondFactor } from '@app/contracts';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { PasswordConfirmation } from '../password-confirmation.js';
import { SealedSecrets } from '../../sealed-secrets.js';
import { SecondFactorStore } from '../second-factor/second-factor.store.js';
import { describeSecret, newSecret } from '../second-factor/totp.js';

export class AddSecondFactorCommand extends Command<PendingSecondFactor> {
  constructor(
    readonly userId: string,
    readonly password: string,
  ) {
    super();
  }
}

/**
 * The password is asked for: whoever stole a session must not lock its person out with a factor of the thief's. The e-mail
 * has to be proven: who signed up with another's address could keep its person out for good, who can reset the password but
 * not the factor.
 */
@CommandHandler(AddSecondFactorCommand)
export class AddSecondFactorHandler implements ICommandHandler<AddSecondFactorCommand> {
  constructor(
    private readonly database: Database,
    private readonly confirmation: PasswordConfirmation,
    private readonly secrets: SealedSecrets,
    private readonly factors: SecondFactorStore,
  ) {}

  /** @throws ProblemError `wrong-password`; `email-not-verified`; `second-factor-active` when one is demanded already. */
  async execute({ userId, password }: AddSecondFactorCommand): Promise<PendingSecondFactor> {
    const account = await this.confirmation.accountOf(userId);
    await this.confirmation.confirm(account, password);
    if (!account.emailVerified) throw new ProblemError('email-not-verified');
    const secret = newSecret();
    const begin = () => this.factors.begin(userId, this.secrets.seal(secret, userId));
    if (!(await this.database.asTenant(PLATFORM_TENANT, begin))) throw new ProblemError('second-factor-active');
    return describeSecret(secret, account.email);
  }
}
