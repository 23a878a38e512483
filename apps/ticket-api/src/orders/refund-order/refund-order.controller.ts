import { Body, Controller, Param, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acting, principalId, type Principal } from '@app/auth';
import { refundBooking, refundOrder, returnTicket, type Order, type RefundOrder } from '@app/contracts';
import { Operation } from '@app/http';
import { ProblemError } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { type Answer, answerWith, requestKey } from '@app/idempotency';
import { RefundOrderCommand } from './refund-order.js';

@Controller()
export class RefundOrderController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(refundOrder)
  order(
    @Acting() who: Principal,
    @Located() where: Location,
    @Param('orderId') orderId: string,
    @Body() body: RefundOrder | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.refund(who, where, { orderId, ticketIds: body?.ticketIds }, request, reply, body);
  }

  @Operation(refundBooking)
  booking(
    @Acting() who: Principal,
    @Located() where: Location,
    @Param('orderId') orderId: string,
    @Body() body: RefundOrder | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.refund(who, where, { orderId, ticketIds: body?.ticketIds }, request, reply, body);
  }

  @Operation(returnTicket)
  ticket(
    @Acting() who: Principal,
    @Located() where: Location,
    @Param('ticketId') ticketId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.refund(who, where, { ticketId }, request, reply, undefined);
  }

  private async refund(
    who: Principal,
    { tenantId, isSelf, role }: Location,
    target: RefundOrderCommand['target'],
    request: FastifyRequest,
    reply: FastifyReply,
    body: RefundOrder | undefined,
  ): Promise<Order> {
    // An organizer acts with an organizer's rights also on an order of his or her own.
    const as = isSelf && role !== 'organizer' && role !== 'owner' ? 'buyer' : 'organizer';
    const override = body?.override;
    if (override && as === 'buyer')
      throw new ProblemError('forbidden', 'Only an organizer of the event gives money back for a used ticket.');
    const by = { userId: principalId(who), as } as const;
    const command = new RefundOrderCommand(tenantId, target, by, override, requestKey(request, body));
    return answerWith(reply, await this.commands.execute<RefundOrderCommand, Answer<Order>>(command));
  }
}
