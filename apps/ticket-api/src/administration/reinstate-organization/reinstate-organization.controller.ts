import { Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { reinstateOrganization, type AdministeredOrganization } from '@app/contracts';
import { Operation } from '@app/http';
import { ReinstateOrganizationCommand } from './reinstate-organization.js';

@Controller()
export class ReinstateOrganizationController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(reinstateOrganization)
  reinstate(@Param('organizationId') organizationId: string): Promise<AdministeredOrganization> {
    return this.commands.execute(new ReinstateOrganizationCommand(organizationId));
  }
}
