import { Controller } from '@nestjs/common';
import { mailFailed, mailQueued, mailSent } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { OrderStepStore } from '../order-step.store.js';

/** What became of the mails about an order. */
@Controller()
export class OnMailProgress {
  constructor(private readonly steps: OrderStepStore) {}

  @OnMessages(mailQueued)
  queued(messages: Messages<typeof mailQueued>): Promise<void> {
    return this.steps.hear('mail-queued', messages);
  }

  @OnMessages(mailSent)
  sent(messages: Messages<typeof mailSent>): Promise<void> {
    return this.steps.hear('mail-sent', messages);
  }

  @OnMessages(mailFailed)
  failed(messages: Messages<typeof mailFailed>): Promise<void> {
    return this.steps.hear('mail-failed', messages);
  }
}
