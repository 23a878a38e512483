import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Order } from '@app/contracts';
import { notFound, ProblemError } from '@app/problem-details';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { EndOrder } from '../end-order/end-order.js';
import { type Answer, RepeatableRequests, type RequestKey } from '@app/idempotency';
import { cancelOrder } from '../order.js';
import { OrderStore } from '../order.store.js';
import { OrderView } from '../order-view.js';
import { TicketStore } from '../ticket.store.js';

export class CancelOrderCommand {
  constructor(
    readonly tenantId: string,
    readonly orderId: string,
    readonly by: { userId: string; as: 'buyer' | 'organizer' },
    readonly key: RequestKey | undefined,
  ) {}
}

@CommandHandler(CancelOrderCommand)
export class CancelOrderHandler implements ICommandHandler<CancelOrderCommand> {
  constructor(
    private readonly repeatable: RepeatableRequests,
    private readonly orders: OrderStore,
    private readonly tickets: TicketStore,
    private readonly ending: EndOrder,
    private readonly view: OrderView,
    private readonly audit: AuditLog,
  ) {}

  execute({ tenantId, orderId, by, key }: CancelOrderCommand): Promise<Answer<Order>> {
    return this.repeatable.answer({ tenantId, callerId: by.userId, key, status: 200 }, async () => {
      const order = await this.orders.lock(orderId);
      if (!order) throw notFound('The order');
      const decision = cancelOrder(order);
      if (decision.effect === 'refused') throw refusal(decision.code, order.status);
      if (decision.effect === 'cancel-hold') await this.ending.letGo(order, 'cancelled', by.as);
      if (decision.effect === 'cancel-confirmed') {
        const tickets = await this.tickets.lockOf(orderId);
        if (tickets.some((ticket) => ticket.status === 'checked_in'))
          throw new ProblemError('ticket-checked-in', 'A ticket of this order was used already.');
        if (by.as === 'buyer' && tickets.some(({ transferred, status }) => transferred && status !== 'void'))
          throw new ProblemError('ticket-transferred');
        await this.ending.undo(order, tickets, by.as);
      }
      if (by.as === 'organizer' && decision.effect !== 'already-cancelled')
        await this.audit.record({ action: 'order.cancelled', target: { kind: 'order', id: orderId } });
      const ended = await this.orders.find(orderId);
      if (!ended) throw notFound('The order');
      return this.view.ofOne(ended);
    });
  }
}

const refusal = (code: 'order-ended' | 'refund-required', status: string) =>
  code === 'refund-required'
    ? new ProblemError(code, 'This order was paid: ask for a refund, so that the money goes back.')
    : new ProblemError(code, `This order is ${status} already.`);
