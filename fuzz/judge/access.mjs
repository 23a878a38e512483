import { kindOfPathParameter } from '../pool/kinds.mjs';

/** What is hidden from those whom it does not concern; organizations and published events are known to everybody. */
const PRIVATE = new Set(['order', 'ticket']);
/** Before anybody looks at what the path names: who you are, how fast, and whether anybody is there to look. */
const BEFORE = new Set([400, 401, 408, 429, 431, 503]);

/** Nobody gets in without a credential, with a false one, from another site, or to what is another's. */
export function wrongAccess(request, answer, facts) {
  const { operation, how, oddities, method } = request;
  const { status } = answer;
  const isDone = status < 400;
  if (operation.needsCaller && !(how in (request.actor.hows ?? {}))) {
    if (isDone && method !== 'OPTIONS') return [`answered without a good credential (${how})`];
    if (!oddities.path && !oddities.method && !oddities.headers && status !== 401 && !BEFORE.has(status))
      return [`not 401 without a good credential (${how})`];
    return [];
  }
  if (
    how === 'cookie from another site' &&
    isDone &&
    operation.needsCaller &&
    !['GET', 'HEAD', 'OPTIONS'].includes(method)
  )
    return ['a write by cookie from another site was done'];
  return operation.needsCaller && !oddities.method ? foreign(request, answer, facts) : [];
}

function foreign({ operation, path, actor, oddities, how }, { status, body }, facts) {
  // Who runs the platform looks after every organization; who else does not is in the matrix of ticket-api.
  if (actor.name === 'admin') return [];
  // A list of a person's own things at an event of somebody else's, and invitations, are for those who are named.
  if (operation.params.includes('userId') && !operation.params.includes('organizationId')) return [];
  const segments = path.split('?')[0].split('/');
  const places = operation.path.split('/');
  for (const name of operation.params) {
    const kind = kindOfPathParameter(operation.path, name);
    const id = segments[places.indexOf(`{${name}}`)];
    if (!id || oddities.path || !facts.isForeign(kind, id, actor)) continue;
    if (status < 400) return [`${actor.name} was let to another's ${kind}`];
    // A name that no query has is refused before anybody looks at what the path names, whether it is there or not.
    if (status === 422 && oddities.query) return [];
    // Whoever scans is told the same of every ticket that is not theirs to admit.
    if (body?.code === 'invalid-code') return [];
    if (PRIVATE.has(kind) && status !== 404 && !BEFORE.has(status) && how === 'bearer' && !oddities.headers)
      return [`${actor.name} is not told that another's ${kind} does not exist`];
    return [];
  }
  return [];
}
