import { Body, Controller } from '@nestjs/common';
import { ResolveExternalIdentity, type ResolvedPerson } from '@app/contracts';
import { InternalPost } from '@app/http';
import { ResolveExternalIdentityHandler } from './resolve-external-identity.js';

/** Asked by the gateway for each token of another issuer that it has not asked for within the last seconds. */
@Controller()
export class ResolveExternalIdentityController {
  constructor(private readonly handler: ResolveExternalIdentityHandler) {}

  @InternalPost('/internal/external-identities/resolve', { callers: ['api-gateway'], body: ResolveExternalIdentity })
  async resolve(@Body() stated: ResolveExternalIdentity): Promise<ResolvedPerson> {
    return { person: await this.handler.execute(stated) };
  }
}
