import { Body, Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { createOrganization, type CreateOrganization, type Organization } from '@app/contracts';
import { Operation } from '@app/http';
import { CreateOrganizationCommand } from './create-organization.js';

@Controller()
export class CreateOrganizationController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(createOrganization)
  create(@Caller() { userId }: Identity, @Body() given: CreateOrganization): Promise<Organization> {
    return this.commands.execute(new CreateOrganizationCommand(userId, given));
  }
}
