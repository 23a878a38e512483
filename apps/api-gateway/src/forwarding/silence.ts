import { ProblemError } from '@app/problem-details';

/** Nothing of the request was sent. */
const refused = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);
/** The connection ended before an answer; the request may have been carried out. */
const broken = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED']);
/** Too late to wait for more. */
const late = new Set(['UND_ERR_HEADERS_TIMEOUT', 'TimeoutError']);

const codeOf = (error: unknown) => {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name);
};
const isOneOf = (codes: ReadonlySet<string>) => (error: unknown) =>
  codes.has(codeOf(error)) || codes.has(codeOf((error as { cause?: unknown } | null)?.cause));

/** Whether a request failed before anything of it was sent. */
export const wasNeverSent = isOneOf(refused);
/** Whether a request failed by its connection's end: what changes nothing may be sent again. */
export const wasBroken = isOneOf(broken);
/** Whether a request had no answer at all. */
export const wasSilent = isOneOf(new Set([...refused, ...broken, ...late]));

export const unavailable = (name: string, cause: unknown) =>
  Object.assign(new ProblemError('service-unavailable', `${name} does not answer right now.`), { cause });
