import { insidesOf } from './leaks.mjs';
import { wrongAccess } from './access.mjs';
import { wrongAcceptance } from './acceptance.mjs';
import { wrongProblem } from './problem.mjs';

/** What Node's HTTP parser and its limits answer, of requests that are hardly any. */
const PARSER = new Set([400, 408, 417, 431]);
const SANE_ID = /^[A-Za-z0-9._-]{1,128}$/;

/**
 * What is wrong with an answer, in words; empty when nothing is.
 * @param request as drawn, with its `actor` @param answer { status, headers, bytes } or { broken }
 */
export function judge(request, answer, { shapes, facts }) {
  if (answer.broken) return [`no answer: ${answer.broken}`];
  const text = answer.bytes.toString('utf8');
  const read = { ...answer, text, type: String(answer.headers['content-type'] ?? '').split(';')[0] };
  if (read.type.endsWith('json')) {
    try {
      read.body = text === '' ? undefined : JSON.parse(text);
    } catch {
      return [`${answer.status}: says ${read.type} and is no JSON`];
    }
  }
  return [
    ...wrongStatus(request, read),
    ...wrongBody(request, read, shapes),
    ...wrongProblem(request, read),
    ...wrongHeaders(request, read),
    ...wrongAccess(request, read, facts),
    ...wrongAcceptance(request, read, shapes),
    ...insidesOf(isText(read) ? text : '', sentBy(request)),
    ...insidesOf(JSON.stringify(answer.headers), sentBy(request)),
  ].map((what) => `${answer.status}: ${what}`);
}

const isText = ({ type }) => /json|text|xml/.test(type);
const sentBy = ({ path, body }) => `${path} ${decoded(path)} ${body ?? ''}`;

function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}

function wrongStatus({ operation, oddities }, { status, headers }) {
  if (status >= 500 && !(status === 503 && headers['retry-after'])) return ['the server failed'];
  if (oddities.path || oddities.method) return [];
  if (operation.responses[status] || status === 503 || status === 404 || PARSER.has(status)) return [];
  return [`is not declared for ${operation.id}`];
}

function wrongBody({ operation, oddities, method }, { status, type, body, bytes }, shapes) {
  if (oddities.path || oddities.method || method === 'HEAD') return [];
  const declared = operation.responses[status];
  if (!declared || status === 304) return [];
  const media = declared.content;
  if (!media || Object.keys(media).length === 0)
    return bytes.length > 0 && status < 300 ? ['has a body, and none is declared'] : [];
  if (!(type in media))
    return bytes.length === 0 && status >= 400 ? ['has no body'] : [`${type || 'no type'} is not declared`];
  const { schema } = media[type];
  const wrong = schema && type.endsWith('json') ? shapes.wrongAnswer(schema, body) : undefined;
  return wrong ? [`is not as declared: ${wrong}`] : [];
}

function wrongHeaders({ headers: sent, oddities }, { status, headers }) {
  const wrong = [];
  const id = headers['x-request-id'];
  if (!id && !PARSER.has(status)) wrong.push('has no X-Request-Id');
  else if (
    sent['x-request-id'] &&
    SANE_ID.test(sent['x-request-id']) &&
    id !== sent['x-request-id'] &&
    !PARSER.has(status)
  )
    wrong.push('has another X-Request-Id than was sent');
  if (status === 401 && !headers['www-authenticate']) wrong.push('has no WWW-Authenticate');
  if ((status === 429 || status === 503) && !/^\d+$/.test(headers['retry-after'] ?? ''))
    wrong.push('has no Retry-After');
  if (status === 405 && !headers.allow && !oddities.path) wrong.push('has no Allow');
  if (headers['set-cookie'] && /\r|\n/.test(String(headers['set-cookie']))) wrong.push('was split');
  if (headers['x-powered-by'] || /fastify|nest|express/i.test(headers.server ?? ''))
    wrong.push('tells what it is made of');
  if (PARSER.has(status)) return wrong;
  if (headers['x-content-type-options'] !== 'nosniff') wrong.push('has no X-Content-Type-Options');
  if (!/frame-ancestors 'none'/.test(headers['content-security-policy'])) wrong.push('may be framed');
  if (!headers['referrer-policy']) wrong.push('has no Referrer-Policy');
  return wrong;
}
