import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Organization, Role } from '@app/contracts';
import { Database } from '@app/persistence';
import { AuditLog, changesBetween } from '../../audit-log/audit-log.module.js';
import { OrganizationStore } from '../organization.store.js';

export class UpdateOrganizationCommand extends Command<Organization> {
  constructor(
    readonly tenantId: string,
    /** Of the caller, as the view says. */
    readonly role: Role,
    readonly name: string | undefined,
  ) {
    super();
  }
}

@CommandHandler(UpdateOrganizationCommand)
export class UpdateOrganizationHandler implements ICommandHandler<UpdateOrganizationCommand> {
  constructor(
    private readonly database: Database,
    private readonly organizations: OrganizationStore,
    private readonly audit: AuditLog,
  ) {}

  execute({ tenantId, role, name }: UpdateOrganizationCommand): Promise<Organization> {
    return this.database.asTenant(tenantId, async () => {
      const before = await this.organizations.lock(tenantId);
      const after = { ...before, name: name ?? before.name };
      await this.organizations.rename(tenantId, after.name);
      const target = { kind: 'organization', id: tenantId } as const;
      await this.audit.record({ action: 'organization.updated', target, detail: changesBetween(before, after) });
      return { id: tenantId, ...after, role };
    });
  }
}
