import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { AdministeredOrganization } from '@app/contracts';
import { SecurityEvents } from '@app/observability';
import { Database } from '@app/persistence';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { notFound } from '@app/problem-details';
import { AdministrationStore } from '../administration.store.js';

export class SuspendOrganizationCommand extends Command<AdministeredOrganization> {
  constructor(
    readonly tenantId: string,
    readonly by: string,
    readonly reason: string,
  ) {
    super();
  }
}

@CommandHandler(SuspendOrganizationCommand)
export class SuspendOrganizationHandler implements ICommandHandler<SuspendOrganizationCommand> {
  constructor(
    private readonly database: Database,
    private readonly organizations: AdministrationStore,
    private readonly audit: AuditLog,
    private readonly security: SecurityEvents,
  ) {}

  async execute({ tenantId, by, reason }: SuspendOrganizationCommand): Promise<AdministeredOrganization> {
    const { organization, isNews } = await this.database.asTenant(tenantId, async () => {
      const isNews = await this.organizations.suspend(tenantId, by, reason);
      const organization = await this.organizations.find(tenantId);
      if (!organization) throw notFound('This organization');
      const target = { kind: 'organization', id: tenantId } as const;
      if (isNews) await this.audit.record({ action: 'organization.suspended', target });
      return { organization, isNews };
    });
    if (isNews) this.security.tell('organization.suspended', { tenantId });
    return organization;
  }
}
