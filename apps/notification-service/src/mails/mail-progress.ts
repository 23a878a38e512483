import { mailFailed, mailQueued, mailSent } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Database } from '@app/persistence';
import { Inject, Injectable } from '@nestjs/common';
import type { FailureReason } from './after-failure.js';
import { isStepOfOrder } from './mail-kinds.js';
import type { NewMail, QueuedMail } from './mail.store.js';

type Told = Pick<NewMail, 'id' | 'kind' | 'recipient' | 'correlationId'> & { facts: unknown };

/**
 * Tells ticket-api what becomes of the mails about its orders, in the transaction that notes it. Other mails are
 * nobody's news.
 */
@Injectable()
export class MailProgress {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  async queued(mails: readonly Told[]): Promise<void> {
    await this.outbox.addAll(
      mailQueued,
      mails.flatMap((mail) => this.about(mail)),
    );
  }

  async sent(mail: QueuedMail): Promise<void> {
    await this.outbox.addAll(mailSent, this.about(mail));
  }

  async failed(mail: QueuedMail, reason: FailureReason): Promise<void> {
    await this.outbox.addAll(
      mailFailed,
      this.about(mail).map(({ data, ...message }) => ({ ...message, data: { ...data, reason } })),
    );
  }

  /** The message's body and ids; none when the mail is no step of an order. */
  private about({ id: mailId, kind, recipient, correlationId, facts }: Told) {
    const { orderId } = facts as { orderId?: unknown };
    if (typeof orderId !== 'string' || !isStepOfOrder(kind)) return [];
    const tenantId = this.database.current().tenantId!;
    return [{ tenantId, correlationId, data: { orderId, mailId, kind, recipient } }];
  }
}
