import { Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { leaveWaitingList } from '@app/contracts';
import { Operation } from '@app/http';
import { LeaveWaitingListCommand } from './leave-waiting-list.js';

@Controller()
export class LeaveWaitingListController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(leaveWaitingList)
  leave(@Caller() { userId }: Identity, @Param('entryId') entryId: string): Promise<void> {
    return this.commands.execute(new LeaveWaitingListCommand(userId, entryId));
  }
}
