import { Body, Controller, Inject, Param, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acting, type Principal } from '@app/auth';
import { settleRefund, type RefundCase, type SettleRefund } from '@app/contracts';
import { Operation } from '@app/http';
import { answerWith, requestKey } from '@app/idempotency';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SettleRefundCommand } from './settle-refund.js';

@Controller()
export class SettleRefundController {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @Operation(settleRefund)
  async settle(
    @Acting() who: Principal,
    @Param('refundId') refundId: string,
    @Body() how: SettleRefund,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RefundCase> {
    const decision = { who, refundId, key: requestKey(request, how) };
    return answerWith(reply, await this.commands.execute(new SettleRefundCommand(decision, how)));
  }
}
