import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acting, type Principal } from '@app/auth';
import { retryRefund, type RefundCase } from '@app/contracts';
import { Operation } from '@app/http';
import { answerWith, requestKey } from '@app/idempotency';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RetryRefundCommand } from './retry-refund.js';

@Controller()
export class RetryRefundController {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @Operation(retryRefund)
  async retry(
    @Acting() who: Principal,
    @Param('refundId') refundId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RefundCase> {
    const decision = { who, refundId, key: requestKey(request, undefined) };
    return answerWith(reply, await this.commands.execute(new RetryRefundCommand(decision)));
  }
}
