import { Module } from '@nestjs/common';
import { Authorization, RESOURCE_AUTHORIZER } from '@app/auth';
import { JudgeAgainController } from './judge-again/judge-again.controller.js';
import { PathAuthorizer } from './path-authorizer.js';
import { ResourceAccess } from './resource-access.js';

/** Provides the policy of every resource rule (`RESOURCE_AUTHORIZER`) and `ResourceAccess` for resources named in bodies. */
@Module({
  controllers: [JudgeAgainController],
  providers: [ResourceAccess, { provide: RESOURCE_AUTHORIZER, useClass: PathAuthorizer }],
  exports: [ResourceAccess, RESOURCE_AUTHORIZER],
})
export class AuthorizationModule {}

/** Where the path's resource belongs and what the caller is there (`Location`), on routes with a resource rule. */
export const Located = Authorization;
export type { Location } from './access-policy.js';
export { ResourceAccess, suspended } from './resource-access.js';
