import { Injectable } from '@nestjs/common';
import { emailVerificationRequested, PLATFORM_TENANT, type User } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { EmailVerificationStore } from './mailed-token.store.js';
import { newSecretToken } from './secret-token.js';

@Injectable()
export class EmailVerifications {
  constructor(
    private readonly store: EmailVerificationStore,
    private readonly outbox: Outbox,
  ) {}

  /** Has a new token mailed when the open transaction (of the platform) commits. */
  async request({ id: userId, name, email }: Pick<User, 'id' | 'name' | 'email'>): Promise<void> {
    const { secret: token, hash } = newSecretToken();
    const expiresAt = await this.store.add(hash, userId, email);
    await this.outbox.add(emailVerificationRequested, {
      tenantId: PLATFORM_TENANT,
      data: { userId, name, email, token, expiresAt: expiresAt.toISOString() },
    });
  }
}
