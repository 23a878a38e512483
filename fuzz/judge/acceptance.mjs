const JSON_UTF8 = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;
/** A byte order mark may be overlooked (RFC 8259, section 8.1). */
const readJson = (body) => JSON.parse(String(body).replace(/^\ufeff/, ''));

/** Nobody will ever declare these. */
const UNKNOWN = new Set(['surprise', 'toString', 'hasOwnProperty']);

/** What is not as the document says is not done: unknown fields and names, wrong kinds, what is no JSON. */
export function wrongAcceptance({ operation, oddities, headers, body, method }, { status }, shapes) {
  // What the gateway answers of itself, and pages that a browser is sent back to, take no notice of what else is sent.
  if (!operation.responses[422] || operation.responses[303] || isPage(operation)) return [];
  if (status >= 300 || oddities.path || oddities.method || method === 'GET' || method === 'HEAD')
    return status < 300 && oddities.query && !oddities.path && !oddities.method
      ? [`a query with an ${oddities.query} name was taken`]
      : [];
  if (oddities.query) return [`a query with an ${oddities.query} name was taken`];
  if (operation.body?.raw) return ['a webhook without a signature was taken'];
  const empty = body === undefined || body.length === 0;
  if (empty)
    return operation.body && shapes.wrongRequest(operation.body.schema, {})
      ? ['no body was taken where one is needed']
      : [];
  if (!JSON_UTF8.test(headers['content-type'] ?? '')) return [`a body of type ${headers['content-type']} was taken`];
  let value;
  try {
    value = readJson(body);
  } catch {
    return ['a body that is no JSON was taken'];
  }
  if (!operation.body) return JSON.stringify(value) === '{}' ? [] : ['a body was taken where none is declared'];
  const wrong = shapes.wrongRequest(operation.body.schema, value);
  if (wrong) return [`a body that does not fit was taken: ${wrong}`];
  return UNKNOWN.has(oddities.extra) ? [`the extra field ${oddities.extra} was taken`] : [];
}

const isPage = ({ responses }) => responses[200]?.content?.['text/html'] !== undefined;
