import { Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { acceptTransfer, type Transfer } from '@app/contracts';
import { Operation } from '@app/http';
import { AcceptTransferCommand } from './accept-transfer.js';

@Controller()
export class AcceptTransferController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(acceptTransfer)
  accept(@Caller() { userId }: Identity, @Param('transferId') transferId: string): Promise<Transfer> {
    return this.commands.execute(new AcceptTransferCommand(transferId, userId));
  }
}
