import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { suspendOrganization, type AdministeredOrganization, type SuspendOrganization } from '@app/contracts';
import { Operation } from '@app/http';
import { SuspendOrganizationCommand } from './suspend-organization.js';

@Controller()
export class SuspendOrganizationController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(suspendOrganization)
  suspend(
    @Param('organizationId') organizationId: string,
    @Caller() { userId }: Identity,
    @Body() { reason }: SuspendOrganization,
  ): Promise<AdministeredOrganization> {
    return this.commands.execute(new SuspendOrganizationCommand(organizationId, userId, reason));
  }
}
