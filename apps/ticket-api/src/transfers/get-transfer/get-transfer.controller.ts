import { Controller, Param } from '@nestjs/common';
import { Caller, type Identity } from '@app/auth';
import { getTransfer, type Transfer } from '@app/contracts';
import { Operation } from '@app/http';
import { OwnTransfers } from '../own-transfer.js';
import { toTransfer } from '../transfer.js';

@Controller()
export class GetTransferController {
  constructor(private readonly own: OwnTransfers) {}

  @Operation(getTransfer)
  get(@Caller() { userId }: Identity, @Param('transferId') transferId: string): Promise<Transfer> {
    return this.own.with(transferId, userId, async ({ transfer }) => toTransfer(transfer));
  }
}
