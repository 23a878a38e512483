import { Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { declineTransfer, type Transfer } from '@app/contracts';
import { Operation } from '@app/http';
import { DeclineTransferCommand } from './decline-transfer.js';

@Controller()
export class DeclineTransferController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(declineTransfer)
  decline(@Caller() { userId }: Identity, @Param('transferId') transferId: string): Promise<Transfer> {
    return this.commands.execute(new DeclineTransferCommand(transferId, userId));
  }
}
