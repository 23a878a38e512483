import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Identity } from '@app/auth';
import { memberInvited, type Invitation as InvitationView, type InviteMember } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { v7 as uuidv7 } from 'uuid';
import { InvitationStore } from '../invitation.store.js';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { SignInFailureStore } from '../../identity/identity.module.js';
import { OrganizationStore } from '../organization.store.js';

export class InviteMemberCommand extends Command<InvitationView> {
  constructor(
    readonly tenantId: string,
    readonly by: Pick<Identity, 'userId' | 'name' | 'emailVerified'>,
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
    private readonly limits: SignInFailureStore,
  ) {}

  /** @throws ProblemError `already-member`; `too-many-requests` after many mails of this person, or to this address. */
  execute({ tenantId, by, given: { email, role } }: InviteMemberCommand): Promise<InvitationView> {
    return this.database.asTenant(tenantId, async () => {
      const { name: organizationName } = await this.organizations.lock(tenantId);
      if (await this.organizations.hasMemberWithEmail(tenantId, email))
        throw new ProblemError('already-member', 'The person with this e-mail belongs to the organization.');
      await this.limits.admitInvitation(by, email);
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
