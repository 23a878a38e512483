import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { changeRole, type ChangeRole, type Member } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ChangeRoleCommand } from './change-role.js';

@Controller()
export class ChangeRoleController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(changeRole)
  change(
    @Located() { tenantId }: Location,
    @Param('userId') userId: string,
    @Body() { role }: ChangeRole,
  ): Promise<Member> {
    return this.commands.execute(new ChangeRoleCommand(tenantId, userId, role));
  }
}
