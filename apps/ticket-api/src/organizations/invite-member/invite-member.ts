import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { memberInvited, type Invitation as InvitationView, type InviteMember } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { v7 as uuidv7 } from 'uuid';
import { InvitationStore } from '../invitation.store.js';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { OrganizationStore } from '../organization.store.js';

export class InviteMemberCommand extends Command<InvitationView> {
  constructor(
    readonly tenantId: string,
    readonly by: { userId: string; name: string },
    readonly given: InviteMember,
  ) {
    super();
  }
}

@CommandHandler(InviteMemberCommand)
export class InviteMemberHandler implements ICommandHandler<InviteMemberCommand> {
  constructor(
    private readonly database: Database,
    private readonly organizations: OrganizationStore,
    private readonly invitations: InvitationStore,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
  ) {}

  execute({ tenantId, by, given: { email, role } }: InviteMemberCommand): Promise<InvitationView> {
    return this.database.asTenant(tenantId, async () => {
      const { name: organizationName } = await this.organizations.lock(tenantId);
      if (await this.organizations.hasMemberWithEmail(tenantId, email))
        throw new ProblemError('already-member', 'The person with this e-mail belongs to the organization.');
      const { id, expiresAt } = await this.invitations.replace({
        id: uuidv7(),
        tenantId,
        email,
        role,
        invitedBy: by.userId,
      });
      await this.audit.record({ action: 'member.invited', target: { kind: 'invitation', id }, detail: { role } });
      const facts = { email, role, expiresAt: expiresAt.toISOString() };
      await this.outbox.add(memberInvited, {
        tenantId,
        data: { invitationId: id, organizationName, invitedBy: by.name, ...facts },
      });
      return { id, organizationId: tenantId, status: 'pending', ...facts };
    });
  }
}
