import { Module } from '@nestjs/common';
import { AuditLogModule } from '../audit-log/audit-log.module.js';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { IdempotencyModule } from '@app/idempotency';
import { KnownNetworkStore, SignInFailureStore } from '../identity/identity.module.js';
import { AcceptInvitationController } from './accept-invitation/accept-invitation.controller.js';
import { AcceptInvitationHandler } from './accept-invitation/accept-invitation.js';
import { CreateOrganizationController } from './create-organization/create-organization.controller.js';
import { CreateOrganizationHandler } from './create-organization/create-organization.js';
import { InvitationStore } from './invitation.store.js';
import { InviteMemberController } from './invite-member/invite-member.controller.js';
import { InviteMemberHandler } from './invite-member/invite-member.js';
import { ListMembersController } from './list-members/list-members.controller.js';
import { ListMembersHandler } from './list-members/list-members.js';
import { ListOrganizationsController } from './list-organizations/list-organizations.controller.js';
import { ListOrganizationsHandler } from './list-organizations/list-organizations.js';
import { OrganizationStore } from './organization.store.js';
import { OrganizationsOfPersonController } from './organizations-of-person/organizations-of-person.controller.js';
import { OrganizationsOfPersonHandler } from './organizations-of-person/organizations-of-person.js';
import { RemoveMemberController } from './remove-member/remove-member.controller.js';
import { RemoveMemberHandler } from './remove-member/remove-member.js';
import { ChangeRoleController } from './change-role/change-role.controller.js';
import { ChangeRoleHandler } from './change-role/change-role.js';
import { UpdateOrganizationController } from './update-organization/update-organization.controller.js';
import { UpdateOrganizationHandler } from './update-organization/update-organization.js';
import { ListInvitationsController } from './list-invitations/list-invitations.controller.js';
import { RevokeInvitationController } from './revoke-invitation/revoke-invitation.controller.js';
import { RevokeInvitationHandler } from './revoke-invitation/revoke-invitation.js';

/** The tenants, and who belongs to them in which role. */
@Module({
  imports: [AuthorizationModule, AuditLogModule, IdempotencyModule],
  controllers: [
    CreateOrganizationController,
    ListOrganizationsController,
    ListMembersController,
    InviteMemberController,
    RemoveMemberController,
    AcceptInvitationController,
    OrganizationsOfPersonController,
    ChangeRoleController,
    UpdateOrganizationController,
    ListInvitationsController,
    RevokeInvitationController,
  ],
  providers: [
    CreateOrganizationHandler,
    ListOrganizationsHandler,
    ListMembersHandler,
    InviteMemberHandler,
    RemoveMemberHandler,
    AcceptInvitationHandler,
    OrganizationsOfPersonHandler,
    ChangeRoleHandler,
    UpdateOrganizationHandler,
    RevokeInvitationHandler,
    OrganizationStore,
    InvitationStore,
    SignInFailureStore,
    KnownNetworkStore,
  ],
})
export class OrganizationsModule {}

export { tenantsOrganizedBy } from './organized.store.js';
export { organizerOf } from './organizer.js';
