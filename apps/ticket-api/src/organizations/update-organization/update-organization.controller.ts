import { Body, Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { updateOrganization, type OrganizationSettings, type UpdateOrganization } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { UpdateOrganizationCommand } from './update-organization.js';

@Controller()
export class UpdateOrganizationController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(updateOrganization)
  update(@Located() { tenantId, role }: Location, @Body() given: UpdateOrganization): Promise<OrganizationSettings> {
    return this.commands.execute(new UpdateOrganizationCommand(tenantId, role ?? 'owner', given));
  }
}
