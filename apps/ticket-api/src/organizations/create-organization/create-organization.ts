import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CreateOrganization, Organization } from '@app/contracts';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { v7 as uuidv7 } from 'uuid';
import { OrganizationStore } from '../organization.store.js';

export class CreateOrganizationCommand extends Command<Organization> {
  constructor(
    readonly founderId: string,
    readonly given: CreateOrganization,
  ) {
    super();
  }
}

@CommandHandler(CreateOrganizationCommand)
export class CreateOrganizationHandler implements ICommandHandler<CreateOrganizationCommand> {
  constructor(
    private readonly database: Database,
    private readonly organizations: OrganizationStore,
  ) {}

  execute({ founderId, given: { name, slug } }: CreateOrganizationCommand): Promise<Organization> {
    const id = uuidv7();
    return this.database.asTenant(id, async () => {
      const created = await this.organizations.create(id, name, slug);
      if (!created) throw new ProblemError('slug-taken', 'Another organization has this slug.');
      await this.organizations.addMember(id, founderId, 'owner');
      return { id, name, slug, role: 'owner' };
    });
  }
}
