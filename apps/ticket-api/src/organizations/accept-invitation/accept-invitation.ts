import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Organization } from '@app/contracts';
import { notFound, ProblemError } from '@app/problem-details';
import { ResourceAccess, suspended } from '../../authorization/authorization.module.js';
import { RepeatableRequests, type Answer, type RequestKey } from '@app/idempotency';
import { accept } from '../invitation.js';
import { InvitationStore } from '../invitation.store.js';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { OrganizationStore } from '../organization.store.js';

export class AcceptInvitationCommand extends Command<Answer<Organization>> {
  constructor(
    readonly invitationId: string,
    readonly userId: string,
    readonly key: RequestKey | undefined,
  ) {
    super();
  }
}

@CommandHandler(AcceptInvitationCommand)
export class AcceptInvitationHandler implements ICommandHandler<AcceptInvitationCommand> {
  constructor(
    private readonly repeatable: RepeatableRequests,
    private readonly access: ResourceAccess,
    private readonly organizations: OrganizationStore,
    private readonly invitations: InvitationStore,
    private readonly audit: AuditLog,
  ) {}

  async execute({ invitationId, userId, key }: AcceptInvitationCommand): Promise<Answer<Organization>> {
    const located = await this.access.locate('invitation', invitationId, userId);
    // Somebody else's invitation is answered as if it did not exist.
    if (!located?.isSelf) throw notFound('This invitation');
    const id = located.tenantId;
    return this.repeatable.answer({ tenantId: id, callerId: userId, key, status: 200 }, async () => {
      if (!(await this.organizations.hasVerifiedEmail(userId))) throw new ProblemError('email-not-verified');
      const organization = await this.organizations.lock(id);
      if (organization.status === 'suspended') throw suspended();
      const role = await this.join(id, invitationId, userId);
      return { id, ...organization, role };
    });
  }

  private async join(tenantId: string, invitationId: string, userId: string): Promise<Organization['role']> {
    const found = await this.invitations.find(tenantId, invitationId);
    if (!found) throw notFound('This invitation');
    const before = await this.organizations.roleOf(tenantId, userId);
    const decision = accept(found.invitation, before !== undefined, found.now);
    if (decision === 'ended')
      throw new ProblemError('invitation-ended', 'It was accepted or revoked, or has expired: ask for a new one.');
    const { role } = found.invitation;
    if (decision === 'join') {
      await this.organizations.addMember(tenantId, userId, role);
      await this.invitations.markAccepted(tenantId, invitationId);
      const target = { kind: 'person', id: userId } as const;
      await this.audit.record({ action: 'member.joined', target, detail: { role, invitationId } });
    }
    return before ?? role;
  }
}
