import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Database } from '@app/persistence';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { notFound } from '@app/problem-details';
import { InvitationStore } from '../invitation.store.js';
import { OrganizationStore } from '../organization.store.js';

export class RevokeInvitationCommand extends Command<void> {
  constructor(
    readonly tenantId: string,
    readonly invitationId: string,
  ) {
    super();
  }
}

/** Whoever accepts at the same moment is a member before, or is told that the invitation has ended. */
@CommandHandler(RevokeInvitationCommand)
export class RevokeInvitationHandler implements ICommandHandler<RevokeInvitationCommand> {
  constructor(
    private readonly database: Database,
    private readonly organizations: OrganizationStore,
    private readonly invitations: InvitationStore,
    private readonly audit: AuditLog,
  ) {}

  execute({ tenantId, invitationId }: RevokeInvitationCommand): Promise<void> {
    return this.database.asTenant(tenantId, async () => {
      await this.organizations.lock(tenantId);
      if (!(await this.invitations.find(tenantId, invitationId))) throw notFound('This invitation');
      if (!(await this.invitations.revoke(tenantId, invitationId))) return;
      await this.audit.record({ action: 'invitation.revoked', target: { kind: 'invitation', id: invitationId } });
    });
  }
}
