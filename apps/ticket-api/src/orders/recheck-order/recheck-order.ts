import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { orderRecheckRequested, type TimelineStep } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { notFound, ProblemError } from '@app/problem-details';
import { type Answer, RepeatableRequests, type RequestKey } from '@app/idempotency';
import { NoteRepair, type Repairer } from '../note-repair/note-repair.js';
import type { OrderRow } from '../order-row.js';
import { OrderStepStore } from '../order-step.store.js';
import { OrderStore } from '../order.store.js';

export class RecheckOrderCommand {
  constructor(
    readonly tenantId: string,
    readonly orderId: string,
    readonly by: Repairer,
    readonly key: RequestKey | undefined,
  ) {}
}

/** Payment-service asks the provider at once; what it hears comes back by the messages that a webhook leads to. */
@CommandHandler(RecheckOrderCommand)
export class RecheckOrderHandler implements ICommandHandler<RecheckOrderCommand> {
  constructor(
    private readonly repeatable: RepeatableRequests,
    private readonly orders: OrderStore,
    private readonly steps: OrderStepStore,
    private readonly repairs: NoteRepair,
    private readonly outbox: Outbox,
  ) {}

  execute({ tenantId, orderId, by, key }: RecheckOrderCommand): Promise<Answer<TimelineStep>> {
    return this.repeatable.answer({ tenantId, callerId: by.userId, key, status: 202 }, async () => {
      const order = await this.orders.lock(orderId);
      if (!order) throw notFound('The order');
      if (!(await this.isOnItsWay(order)))
        throw new ProblemError('nothing-to-recheck', `This order is ${order.status}: no money of it is on its way.`);
      const step = await this.repairs.note(orderId, 'recheck-requested', by);
      await this.outbox.add(orderRecheckRequested, { tenantId, data: { orderId } });
      return step;
    });
  }

  /** A refund is owed, or somebody may have paid: also after the hold's end, when the money's news were lost. */
  private async isOnItsWay({ id, status, refundPending }: OrderRow): Promise<boolean> {
    if (refundPending > 0) return true;
    if (status === 'confirmed' || status === 'refunded') return false;
    return this.steps.checkoutWasOpened(id);
  }
}
