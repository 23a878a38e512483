import { Injectable } from '@nestjs/common';
import { accountSecured, PLATFORM_TENANT, type AccountChange } from '@app/contracts';
import { Outbox } from '@app/messaging';

@Injectable()
export class AccountNotices {
  constructor(private readonly outbox: Outbox) {}

  /** Has the person told, by a mail, when the open transaction (of the platform) commits. */
  async tell(person: { id: string; email: string; name: string }, change: AccountChange): Promise<void> {
    const { id: userId, email, name } = person;
    await this.outbox.add(accountSecured, {
      tenantId: PLATFORM_TENANT,
      data: { userId, name, email, change, at: new Date().toISOString() },
    });
  }
}
