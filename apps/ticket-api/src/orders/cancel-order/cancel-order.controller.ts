import { Controller, Param, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acting, principalId, type Principal } from '@app/auth';
import { cancelBooking, cancelOrder, type Order } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { type Answer, answerWith, requestKey } from '@app/idempotency';
import { CancelOrderCommand } from './cancel-order.js';

@Controller()
export class CancelOrderController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(cancelOrder)
  order(
    @Acting() who: Principal,
    @Located() where: Location,
    @Param('orderId') orderId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.cancel(who, where, orderId, request, reply);
  }

  @Operation(cancelBooking)
  booking(
    @Acting() who: Principal,
    @Located() where: Location,
    @Param('orderId') orderId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.cancel(who, where, orderId, request, reply);
  }

  private async cancel(
    who: Principal,
    { tenantId, isSelf }: Location,
    orderId: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Order> {
    const by = { userId: principalId(who), as: isSelf ? ('buyer' as const) : ('organizer' as const) };
    const answer = await this.commands.execute<CancelOrderCommand, Answer<Order>>(
      new CancelOrderCommand(tenantId, orderId, by, requestKey(request, undefined)),
    );
    return answerWith(reply, answer);
  }
}
