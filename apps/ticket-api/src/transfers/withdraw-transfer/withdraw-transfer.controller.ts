import { Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { withdrawTransfer } from '@app/contracts';
import { Operation } from '@app/http';
import { WithdrawTransferCommand } from './withdraw-transfer.js';

@Controller()
export class WithdrawTransferController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(withdrawTransfer)
  withdraw(@Caller() { userId }: Identity, @Param('transferId') transferId: string): Promise<void> {
    return this.commands.execute(new WithdrawTransferCommand(transferId, userId));
  }
}
