import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Order } from '@app/contracts';
import { notFound, ProblemError } from '@app/problem-details';
import { EndOrder } from '../end-order/end-order.js';
import { type Answer, RepeatableRequests, type RequestKey } from '@app/idempotency';
import { OrderStore } from '../order.store.js';
import { OrderView } from '../order-view.js';
import { decideRefund, type RefundDecision } from '../refund.js';
import { TicketStore } from '../ticket.store.js';

export class RefundOrderCommand {
  constructor(
    readonly tenantId: string,
    /** The order itself, or the order of this one ticket. */
    readonly target: { orderId: string; ticketIds?: readonly string[] } | { ticketId: string },
    readonly by: { userId: string; as: 'buyer' | 'organizer' },
    /** Why the price of used tickets goes back too: an organizer's word. */
    readonly override: { reason: string } | undefined,
    readonly key: RequestKey | undefined,
  ) {}
}

@CommandHandler(RefundOrderCommand)
export class RefundOrderHandler implements ICommandHandler<RefundOrderCommand> {
  constructor(
    private readonly repeatable: RepeatableRequests,
    private readonly orders: OrderStore,
    private readonly tickets: TicketStore,
    private readonly ending: EndOrder,
    private readonly view: OrderView,
  ) {}

  execute({ tenantId, target, by, override, key }: RefundOrderCommand): Promise<Answer<Order>> {
    return this.repeatable.answer({ tenantId, callerId: by.userId, key, status: 202 }, async () => {
      const { orderId, ticketIds } =
        'ticketId' in target
          ? { orderId: await this.tickets.orderOf(target.ticketId), ticketIds: [target.ticketId] }
          : target;
      const order = orderId && (await this.orders.lock(orderId));
      if (!order) throw notFound('The order');
      if (order.status !== 'confirmed')
        throw new ProblemError('nothing-to-refund', `This order is ${order.status}: there is nothing to give back.`);

      const decision = decideRefund(await this.tickets.lockOf(order.id), {
        ticketIds,
        by: by.as,
        override: override !== undefined,
        closed: order.event.refundsClosed,
      });
      if (!decision.granted) throw refusal(decision);
      const { tickets, kept, amount, nothingLeft: whole } = decision;
      const reason = by.as === 'buyer' ? 'refund' : 'organizer';
      const given = { amount, whole, reason, override: override && { ...override, userId: by.userId } } as const;
      await this.ending.giveBack(order, tickets, given, kept);
      const refunded = await this.orders.find(order.id);
      if (!refunded) throw notFound('The order');
      return by.as === 'organizer' ? this.view.forOrganizer(refunded) : this.view.ofOne(refunded);
    });
  }
}

function refusal(decision: Extract<RefundDecision, { granted: false }>): ProblemError {
  switch (decision.code) {
    case 'refund-closed':
      return new ProblemError('refund-closed', 'The organizer takes no tickets back any more. Ask the organizer.');
    case 'ticket-checked-in':
      return new ProblemError('ticket-checked-in', 'A ticket was used and cannot be given back.');
    case 'ticket-frozen':
      return new ProblemError('ticket-frozen', 'The payment of this ticket is disputed.');
    case 'nothing-to-refund':
      return new ProblemError('nothing-to-refund', 'These tickets were given back, or paid back, already.');
    case 'unknown-ticket':
      return new ProblemError('validation-failed', 'A ticket is not of this order.', {
        errors: [{ path: `ticketIds.${decision.index}`, message: 'is no ticket of this order' }],
      });
  }
}
