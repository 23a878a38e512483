const ALIASES = {
  member: 'invitation',
  booking: 'order',
  purchase: 'order',
  reserve: 'order',
  type: 'ticketType',
};

/** What an id is of, by the name of the parameter or field: `orderId` and `orderIds` of an order. */
export function kindOfParameter(name) {
  const kind = name.replace(/Ids?$/, '');
  return ALIASES[kind] ?? kind;
}

/** What the `id` of an answer is of, by the path: below `/orders/{orderId}/cancel` of an order. */
export function kindOfPath(path) {
  const segments = path
    .split('/')
    .filter((segment) => segment && !segment.startsWith('{') && !['api', 'v1', 'mgmt'].includes(segment));
  const named = segments.toReversed().find((segment) => /s$|^purchase$|^reserve$/.test(segment)) ?? segments[0] ?? '';
  const last = named.replace(/^my-/, '').replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  const kind = last.replace(/ies$/, 'y').replace(/s$/, '');
  return ALIASES[kind] ?? kind;
}

/** The kind of a path's parameter; `id` is of what the segment before it names. */
export function kindOfPathParameter(path, name) {
  if (name !== 'id') return kindOfParameter(name);
  return kindOfPath(path.slice(0, path.indexOf(`{${name}}`)));
}
