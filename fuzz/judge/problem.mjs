const PROBLEM = 'application/problem+json';
const MEMBERS = {
  type: 'string',
  title: 'string',
  status: 'number',
  detail: 'string',
  instance: 'string',
  code: 'string',
  requestId: 'string',
};
/** What Node's HTTP parser and its limits answer may lack a problem body. */
const MAY_LACK = new Set([400, 408, 417, 431]);

/** Refusals are RFC 9457 documents with a code that the operation declares. */
export function wrongProblem({ operation, method, oddities }, { status, headers, type, body, bytes }) {
  if (status < 400 || method === 'HEAD') return [];
  // A health call tells what is down, in its own words.
  if (operation.path.includes('/health') && status === 503) return [];
  if (type !== PROBLEM)
    return MAY_LACK.has(status) && bytes.length < 200 ? [] : [`${type || 'no type'} is no problem document`];
  const wrong = Object.entries(MEMBERS)
    .filter(([name, kind]) => typeof body?.[name] !== kind)
    .map(([name]) => `the problem's ${name} is not there`);
  if (wrong.length > 0) return wrong;
  if (body.status !== status) wrong.push(`the problem says ${body.status}`);
  if (body.type !== `urn:problem:${body.code}`) wrong.push(`the problem's type is ${body.type}`);
  if (body.requestId !== headers['x-request-id']) wrong.push("the problem's requestId is not X-Request-Id");
  if (body.code === 'validation-failed' && status === 422 && !(body.errors?.length > 0))
    wrong.push('no field is named');
  const codes = operation.responses[status]?.content?.[PROBLEM]?.schema?.properties?.code?.enum;
  if (codes && !codes.includes(body.code) && !oddities.path && !oddities.method)
    wrong.push(`the code ${body.code} is not declared for ${operation.id}`);
  return wrong;
}
