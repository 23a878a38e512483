import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { OrganizationStore } from '../organization.store.js';

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
  ) {}

  execute({ tenantId, userId }: RemoveMemberCommand): Promise<void> {
    return this.database.asTenant(tenantId, async () => {
      await this.organizations.lock(tenantId);
      const role = await this.organizations.roleOf(tenantId, userId);
      if (!role) throw notFound('This member');
      if (role === 'owner' && (await this.organizations.countOwners(tenantId)) === 1)
        throw new ProblemError('last-owner', 'Make somebody else an owner first.');
      await this.organizations.removeMember(tenantId, userId);
    });
  }
}
