import { requestContext } from '@app/observability';
import type { FastifyRequest } from 'fastify';
import { networkOfRequest } from './client-network.js';
import { isApiKey, type Principal } from './identity.js';

/** Lets whatever is done for a request know who is behind it, wherever the code is. */
export function noteCaller(request: FastifyRequest, principal: Principal, isAdministration: boolean): void {
  const context = requestContext.getStore();
  if (!context) return;
  const network = () => networkOfRequest(request);
  context.caller = isApiKey(principal)
    ? { kind: 'key', id: principal.keyId, name: principal.name, network }
    : { kind: isAdministration ? 'admin' : 'person', id: principal.userId, network };
}
