import { Controller, Inject, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { retryRefund, type RefundCase } from '@app/contracts';
import { Operation } from '@app/http';
import { RetryRefundCommand } from './retry-refund.js';

@Controller()
export class RetryRefundController {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @Operation(retryRefund)
  retry(@Caller() { userId }: Identity, @Param('refundId') refundId: string): Promise<RefundCase> {
    return this.commands.execute(new RetryRefundCommand(userId, refundId));
  }
}
