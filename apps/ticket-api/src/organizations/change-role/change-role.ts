import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Member, Role } from '@app/contracts';
import { Database } from '@app/persistence';
import { AuditLog, changesBetween } from '../../audit-log/audit-log.module.js';
import { notFound } from '@app/problem-details';
import { OrganizationStore } from '../organization.store.js';
import { keepAnOwner } from '../keep-an-owner.js';

export class ChangeRoleCommand extends Command<Member> {
  constructor(
    readonly tenantId: string,
    readonly userId: string,
    readonly role: Role,
  ) {
    super();
  }
}

@CommandHandler(ChangeRoleCommand)
export class ChangeRoleHandler implements ICommandHandler<ChangeRoleCommand> {
  constructor(
    private readonly database: Database,
    private readonly organizations: OrganizationStore,
    private readonly audit: AuditLog,
  ) {}

  execute({ tenantId, userId, role }: ChangeRoleCommand): Promise<Member> {
    return this.database.asTenant(tenantId, async () => {
      await this.organizations.lock(tenantId);
      const before = await this.organizations.roleOf(tenantId, userId);
      if (!before) throw notFound('This member');
      if (role !== 'owner') await keepAnOwner(this.organizations, tenantId, before);
      const member = await this.organizations.changeRole(tenantId, userId, role);
      const detail = changesBetween({ role: before }, { role });
      await this.audit.record({ action: 'member.role-changed', target: { kind: 'person', id: userId }, detail });
      return member;
    });
  }
}
