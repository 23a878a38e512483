import { Module } from '@nestjs/common';
import { AuditLogModule } from '../audit-log/audit-log.module.js';
import { AdministrationStore } from './administration.store.js';
import { ListAllOrganizationsController } from './list-all-organizations/list-all-organizations.controller.js';
import { ReinstateOrganizationController } from './reinstate-organization/reinstate-organization.controller.js';
import { ReinstateOrganizationHandler } from './reinstate-organization/reinstate-organization.js';
import { SuspendOrganizationController } from './suspend-organization/suspend-organization.controller.js';
import { SuspendOrganizationHandler } from './suspend-organization/suspend-organization.js';

/** What the administrators of the platform may do: see every organization, and stop one. */
@Module({
  imports: [AuditLogModule],
  controllers: [ListAllOrganizationsController, SuspendOrganizationController, ReinstateOrganizationController],
  providers: [SuspendOrganizationHandler, ReinstateOrganizationHandler, AdministrationStore],
})
export class AdministrationModule {}
