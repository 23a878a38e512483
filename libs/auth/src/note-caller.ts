import { requestContext } from '@app/observability';
import { isApiKey, type Principal } from './identity.js';

/** Lets whatever is done for a request know who is behind it, wherever the code is. */
export function noteCaller(principal: Principal, isAdministration: boolean): void {
  const context = requestContext.getStore();
  if (!context) return;
  context.caller = isApiKey(principal)
    ? { kind: 'key', id: principal.keyId, name: principal.name }
    : { kind: isAdministration ? 'admin' : 'person', id: principal.userId };
}
