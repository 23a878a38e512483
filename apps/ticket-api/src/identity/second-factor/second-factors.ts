import { Injectable, Logger } from '@nestjs/common';
import { SealedSecrets } from '../../sealed-secrets.js';
import { recoveryCodeHash } from './recovery-codes.js';
import { SecondFactorStore, type SecondFactor } from './second-factor.store.js';
import { acceptedStep } from './totp.js';

@Injectable()
export class SecondFactors {
  private readonly log = new Logger(SecondFactors.name);

  constructor(
    private readonly store: SecondFactorStore,
    private readonly secrets: SealedSecrets,
  ) {}

  /**
   * Accepts a code of a person's confirmed factor, which is used up by it when the open transaction commits.
   * @returns what it was; undefined when it does not count
   */
  async accept(userId: string, code: string): Promise<'authenticator' | 'recovery-code' | undefined> {
    const factor = await this.store.find(userId);
    if (!factor?.isConfirmed) return undefined;
    const step = this.stepOf(userId, factor, code);
    if (step !== undefined) return (await this.store.useStep(userId, step)) ? 'authenticator' : undefined;
    const isRecovery = await this.store.useRecoveryCode(userId, recoveryCodeHash(userId, code));
    return isRecovery ? 'recovery-code' : undefined;
  }

  /** The step of an authenticator's code; undefined when it does not count, as every code of one whose key is gone. */
  stepOf(userId: string, { secret, now, lastStep }: SecondFactor, code: string): number | undefined {
    try {
      return acceptedStep(this.secrets.open(secret, userId), code, now, lastStep);
    } catch (error) {
      const why = 'is not the one that it was sealed with, or it was changed. Recovery codes still count';
      this.log.error(`The second factor of ${userId} cannot be opened: ACCOUNT_SECRETS_KEY ${why}`, error);
      return undefined;
    }
  }
}
