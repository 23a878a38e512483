/** Whose is what, as far as answers told: who may be refused nothing, and who must see nothing. */
export class Facts {
  organizationOf = new Map();
  /** Order or ticket → { eventId, people }. */
  owned = new Map();
  /** Organization → names of the actors who belong, or once belonged, to it. */
  members = new Map();

  /** Event → ids of its ticket types; order → ids of its tickets; order → signatures; organization → ids of people. */
  typesOf = new Map();
  ticketsOf = new Map();
  signaturesOf = new Map();
  peopleOf = new Map();
  codeOf = new Map();

  /** @param path that was asked, whose ids belong to what is answered */
  learn(actor, operation, body, path) {
    const asked = idsIn(operation.path, path);
    if (asked.ticketId && body?.code) this.codeOf.set(asked.ticketId, body.code);
    if (asked.eventId && body?.capacity && body.id) put(this.typesOf, asked.eventId, body.id);
    visit(body, (thing) => {
      if (thing.id && thing.organizationId && thing.venue) this.organizationOf.set(thing.id, thing.organizationId);
      if (thing.id && thing.userId && thing.eventId) this.own(thing.id, thing.eventId, thing.userId);
      if (thing.id && thing.orderId && thing.eventId) this.own(thing.id, thing.eventId, thing.holder?.id);
      if (thing.id && thing.slug && thing.role) this.join(thing.id, actor.name);
      for (const type of thing.ticketTypes ?? []) put(this.typesOf, thing.id, type.id);
      if (thing.checkoutUrl) put(this.signaturesOf, thing.id, new URL(thing.checkoutUrl).searchParams.get('signature'));
      if (thing.id && thing.orderId && thing.ticketTypeId) put(this.ticketsOf, thing.orderId, thing.id);
      if (thing.userId && thing.role && asked.organizationId) put(this.peopleOf, asked.organizationId, thing.userId);
    });
  }

  own(id, eventId, person) {
    const known = this.owned.get(id) ?? { eventId, people: new Set() };
    if (person) known.people.add(person);
    this.owned.set(id, known);
  }

  join(organization, name) {
    put(this.members, organization, name);
  }

  /** Whether it is known for certain that this thing of theirs is none of the actor's affair. */
  isForeign(kind, id, actor) {
    if (kind === 'organization') return this.members.has(id) && !this.members.get(id).has(actor.name);
    if (kind === 'event')
      return this.organizationOf.has(id) && this.isForeign('organization', this.organizationOf.get(id), actor);
    const thing = this.owned.get(id);
    if (!thing || thing.people.size === 0) return false;
    if ([...thing.people].some((person) => actor.ids.has(person))) return false;
    return this.isForeign('event', thing.eventId, actor);
  }
}

const put = (map, key, value) => void map.set(key, (map.get(key) ?? new Set()).add(value));

/** Ids by the names of a path's parameters. */
export function idsIn(pattern, path) {
  const segments = path.split('?')[0].split('/');
  return Object.fromEntries(
    pattern.split('/').flatMap((place, at) => (place.startsWith('{') ? [[place.slice(1, -1), segments[at]]] : [])),
  );
}

function visit(value, see) {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) see(value);
  for (const one of Object.values(value)) visit(one, see);
}
