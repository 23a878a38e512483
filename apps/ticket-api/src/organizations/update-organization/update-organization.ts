import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { OrganizationSettings, Role, UpdateOrganization } from '@app/contracts';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { AuditLog, changesBetween } from '../../audit-log/audit-log.module.js';
import { OrganizationStore } from '../organization.store.js';

export class UpdateOrganizationCommand extends Command<OrganizationSettings> {
  constructor(
    readonly tenantId: string,
    /** Of the caller, as the view says. */
    readonly role: Role,
    readonly given: UpdateOrganization,
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

  /** @throws ProblemError `validation-failed` for a contact address that nobody of its people has confirmed. */
  execute({ tenantId, role, given }: UpdateOrganizationCommand): Promise<OrganizationSettings> {
    return this.database.asTenant(tenantId, async () => {
      const before = await this.organizations.lock(tenantId);
      const contactBefore = await this.organizations.contactOf(tenantId);
      const after = { ...before, name: given.name ?? before.name };
      await this.organizations.rename(tenantId, after.name);
      if (given.contactEmail !== undefined && !(await this.organizations.setContact(tenantId, given.contactEmail)))
        throw new ProblemError('validation-failed', undefined, { errors: [NOBODYS] });
      const contactEmail = given.contactEmail === undefined ? contactBefore : given.contactEmail;
      const target = { kind: 'organization', id: tenantId } as const;
      // The address is personal data, which no entry keeps: that it has changed is enough.
      const contact = contactEmail === contactBefore ? {} : { contactEmail: {} };
      const detail = { ...changesBetween(before, after), ...contact };
      await this.audit.record({ action: 'organization.updated', target, detail });
      return { id: tenantId, ...after, role, contactEmail };
    });
  }
}

const NOBODYS = { path: 'contactEmail', message: "is not the confirmed address of one of the organization's people" };
