import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Order } from '@app/contracts';
import { notFound, ProblemError } from '@app/problem-details';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { EndOrder } from '../end-order/end-order.js';
import { type Answer, RepeatableRequests, type RequestKey } from '@app/idempotency';
import type { OrderRow } from '../order-row.js';
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
    private readonly audit: AuditLog,
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
      if (by.as === 'organizer') await this.record(order, decision, override !== undefined);
      const refunded = await this.orders.find(order.id);
      if (!refunded) throw notFound('The order');
      return by.as === 'organizer' ? this.view.forOrganizer(refunded) : this.view.ofOne(refunded);
    });
  }

  /** Why a used ticket's price went back stands with the refund: it is somebody's free words. */
  private async record({ id, total }: OrderRow, granted: RefundGranted, override: boolean): Promise<void> {
    const amount = { amount: granted.amount, currency: total.currency };
    const tickets = [...granted.tickets, ...granted.kept].map((ticket) => ticket.id);
    const detail = { amount, tickets, override };
    await this.audit.record({ action: 'order.refunded', target: { kind: 'order', id }, detail });
  }
}

type RefundGranted = Extract<RefundDecision, { granted: true }>;

function refusal(decision: Extract<RefundDecision, { granted: false }>): ProblemError {
  switch (decision.code) {
    case 'refund-closed':
      return new ProblemError('refund-closed', 'The organizer takes no tickets back any more. Ask the organizer.');
    case 'ticket-checked-in':
      return new ProblemError('ticket-checked-in', 'A ticket was used and cannot be given back.');
    case 'ticket-frozen':
      return new ProblemError('ticket-frozen', 'The payment of this ticket is disputed.');
    case 'ticket-transferred':
      return new ProblemError('ticket-transferred', 'A ticket that was handed on is given back by the organizer only.');
    case 'nothing-to-refund':
      return new ProblemError('nothing-to-refund', 'These tickets were given back, or paid back, already.');
    case 'unknown-ticket':
      return new ProblemError('validation-failed', 'A ticket is not of this order.', {
        errors: [{ path: `ticketIds.${decision.index}`, message: 'is no ticket of this order' }],
      });
  }
}
