import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acting, type Principal } from '@app/auth';
import { undoCheckIn, type Ticket, type UndoCheckIn } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { scannedBy } from '../scan-log/scan-log.js';
import { UndoAdmissionCommand } from './undo-admission.js';

@Controller()
export class UndoAdmissionController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(undoCheckIn)
  undo(
    @Located() { tenantId }: Location,
    @Acting() who: Principal,
    @Param('ticketId') ticketId: string,
    @Body() { reason, scanId }: UndoCheckIn,
  ): Promise<Ticket> {
    return this.commands.execute(new UndoAdmissionCommand(tenantId, ticketId, { reason, scanId, by: scannedBy(who) }));
  }
}
