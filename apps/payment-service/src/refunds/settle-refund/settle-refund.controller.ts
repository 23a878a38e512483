import { Body, Controller, Inject, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { settleRefund, type RefundCase, type SettleRefund } from '@app/contracts';
import { Operation } from '@app/http';
import { SettleRefundCommand } from './settle-refund.js';

@Controller()
export class SettleRefundController {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @Operation(settleRefund)
  settle(
    @Caller() { userId }: Identity,
    @Param('refundId') refundId: string,
    @Body() { note }: SettleRefund,
  ): Promise<RefundCase> {
    return this.commands.execute(new SettleRefundCommand(userId, refundId, note));
  }
}
