import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CreateOrganization, Organization } from '@app/contracts';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { OrganizationStore } from '../organization.store.js';
import { AuditLog } from '../../audit-log/audit-log.module.js';

export class CreateOrganizationCommand extends Command<Organization> {
  /** @param id of the new organization: chosen by the caller, whose transaction is the new tenant's */
  constructor(
    readonly id: string,
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
    private readonly audit: AuditLog,
  ) {}

  execute({ id, founderId, given: { name, slug } }: CreateOrganizationCommand): Promise<Organization> {
    return this.database.asTenant(id, async () => {
      const created = await this.organizations.create(id, name, slug);
      if (!created) throw new ProblemError('slug-taken', 'Another organization has this slug.');
      await this.organizations.addMember(id, founderId, 'owner');
      await this.audit.record({ action: 'organization.created', target: { kind: 'organization', id } });
      return { id, name, slug, status: 'active', role: 'owner' };
    });
  }
}
