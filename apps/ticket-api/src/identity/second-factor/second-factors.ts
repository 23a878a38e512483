import { Injectable } from '@nestjs/common';
import { SealedSecrets } from '../../sealed-secrets.js';
import { recoveryCodeHash } from './recovery-codes.js';
import { SecondFactorStore } from './second-factor.store.js';
import { acceptedStep } from './totp.js';

@Injectable()
export class SecondFactors {
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
    const step = acceptedStep(this.secrets.open(factor.secret, userId), code, factor.now, factor.lastStep);
    if (step !== undefined) return (await this.store.useStep(userId, step)) ? 'authenticator' : undefined;
    const isRecovery = await this.store.useRecoveryCode(userId, recoveryCodeHash(userId, code));
    return isRecovery ? 'recovery-code' : undefined;
  }
}
