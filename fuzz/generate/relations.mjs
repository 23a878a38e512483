/** Of the requests that could fit together, so many do: the rest names things that have nothing to do with each other. */
const RELATED = 0.8;

/**
 * Changes what was drawn so that its ids belong together, mostly: a type of that event, the code of that ticket, the
 * signature of that order.
 * @param params by name @param body value of a body, changed in place
 */
export function relate(choice, { facts, pool }, params, body) {
  if (!choice.chance(RELATED)) return;
  const one = (set, kind) => {
    const value = set && choice.oneOf([...set]);
    const origin = value && pool.origins.get(value);
    if (origin) pool.picked.set(value, origin);
    return value ?? (kind && pool.pick(kind, choice.below(2 ** 20)));
  };
  if ('typeId' in params) params.typeId = one(facts.typesOf.get(params.eventId)) ?? params.typeId;
  if ('signature' in params) params.signature = one(facts.signaturesOf.get(params.orderId)) ?? params.signature;
  if ('userId' in params && 'organizationId' in params)
    params.userId = one(facts.peopleOf.get(params.organizationId)) ?? params.userId;
  if (typeof body !== 'object' || body === null) return;
  if (Array.isArray(body.items) && 'eventId' in body) {
    const eventId = choice.oneOf([...facts.typesOf.keys()]);
    if (!eventId) return;
    if (pool.origins.has(eventId)) pool.picked.set(eventId, pool.origins.get(eventId));
    body.eventId = eventId;
    body.items = body.items.slice(0, 2).filter((item) => typeof item === 'object' && item !== null);
    const types = new Set(facts.typesOf.get(eventId));
    for (const item of body.items) {
      const type = one(types);
      types.delete(type);
      if (type) Object.assign(item, { ticketTypeId: type, quantity: 1 + choice.below(3) });
    }
  }
  if (Array.isArray(body.ticketIds)) body.ticketIds = [one(facts.ticketsOf.get(params.orderId))].filter(Boolean);
  if ('code' in body) {
    const known = [...facts.codeOf];
    const [ticketId, code] = choice.oneOf(known) ?? [];
    if (!code) return;
    body.code = one(new Set([facts.codeOf.get(params.ticketId) ?? code]));
    if ('ticketId' in params && !facts.codeOf.has(params.ticketId)) params.ticketId = ticketId;
    const eventId = facts.owned.get(ticketId)?.eventId;
    if ('eventId' in body && eventId) body.eventId = eventId;
  }
}
