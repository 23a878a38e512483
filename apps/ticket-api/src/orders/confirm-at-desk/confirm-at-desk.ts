import { Controller, Param, Req, Res } from '@nestjs/common';
import { CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Acting, principalId, type Principal } from '@app/auth';
import { confirmBooking, type Order } from '@app/contracts';
import { Operation } from '@app/http';
import { notFound, ProblemError } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { type Answer, answerWith, RepeatableRequests, requestKey, type RequestKey } from '@app/idempotency';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { OrderStore } from '../order.store.js';
import { OrderView } from '../order-view.js';
import { ConfirmOrder } from '../confirm-order/confirm-order.js';

export class ConfirmAtDeskCommand {
  constructor(
    readonly tenantId: string,
    readonly orderId: string,
    readonly organizerId: string,
    readonly key: RequestKey | undefined,
  ) {}
}

/** An organizer's word that the money was taken outside. Saying it again changes nothing. */
@CommandHandler(ConfirmAtDeskCommand)
export class ConfirmAtDeskHandler implements ICommandHandler<ConfirmAtDeskCommand> {
  constructor(
    private readonly repeatable: RepeatableRequests,
    private readonly orders: OrderStore,
    private readonly confirming: ConfirmOrder,
    private readonly view: OrderView,
    private readonly audit: AuditLog,
  ) {}

  execute({ tenantId, orderId, organizerId, key }: ConfirmAtDeskCommand): Promise<Answer<Order>> {
    return this.repeatable.answer({ tenantId, callerId: organizerId, key, status: 200 }, async () => {
      const order = await this.orders.lock(orderId);
      if (!order) throw notFound('The order');
      if (order.status === 'pending' && order.event.status !== 'cancelled') {
        await this.confirming.confirm(order, 'desk', null);
        const detail = { total: order.total };
        await this.audit.record({ action: 'order.confirmed-at-desk', target: { kind: 'order', id: orderId }, detail });
      } else if (order.status !== 'confirmed')
        throw new ProblemError('order-ended', `This order is ${order.status}: place a new one.`);
      const confirmed = await this.orders.find(orderId);
      if (!confirmed) throw notFound('The order');
      return this.view.ofOne(confirmed);
    });
  }
}

@Controller()
export class ConfirmAtDeskController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(confirmBooking)
  async confirm(
    @Acting() who: Principal,
    @Located() where: Location,
    @Param('orderId') orderId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Order> {
    const command = new ConfirmAtDeskCommand(where.tenantId, orderId, principalId(who), requestKey(request, undefined));
    return answerWith(reply, await this.commands.execute<ConfirmAtDeskCommand, Answer<Order>>(command));
  }
}
