import { Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { removeMember } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { RemoveMemberCommand } from './remove-member.js';

@Controller()
export class RemoveMemberController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(removeMember)
  remove(@Located() { tenantId }: Location, @Param('userId') userId: string): Promise<void> {
    return this.commands.execute(new RemoveMemberCommand(tenantId, userId));
  }
}
