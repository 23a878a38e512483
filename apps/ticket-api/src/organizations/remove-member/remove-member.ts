import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { keepAnOwner } from '../keep-an-owner.js';
import { OrganizationStore } from '../organization.store.js';
import { AuditLog } from '../../audit-log/audit-log.module.js';

export class RemoveMemberCommand extends Command<void> {
  constructor(
    readonly tenantId: string,
    readonly userId: string,
  ) {
    super();
  }
}

/** An owner may leave too, while another one stays. */
@CommandHandler(RemoveMemberCommand)
export class RemoveMemberHandler implements ICommandHandler<RemoveMemberCommand> {
  constructor(
    private readonly database: Database,
    private readonly organizations: OrganizationStore,
    private readonly audit: AuditLog,
  ) {}

  execute({ tenantId, userId }: RemoveMemberCommand): Promise<void> {
    return this.database.asTenant(tenantId, async () => {
      await this.organizations.lock(tenantId);
      const role = await this.organizations.roleOf(tenantId, userId);
      if (!role) throw notFound('This member');
      await keepAnOwner(this.organizations, tenantId, role);
      await this.organizations.removeMember(tenantId, userId);
      const target = { kind: 'person', id: userId } as const;
      await this.audit.record({ action: 'member.removed', target, detail: { role } });
    });
  }
}
