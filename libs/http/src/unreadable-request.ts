import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { problemDocument, PROBLEM_MEDIA_TYPE } from '@app/problem-details';
import { BARE_ANSWER } from './bare-answer.js';

/** What Node's HTTP parser complains of that is more than a bad request. */
const STATUS: Record<string, { status: number; detail: string }> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'The address and the headers are too long.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, detail: 'The body is too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'The request took too long to arrive.' },
};
const BAD = { status: 400, detail: 'This is no HTTP request.' };

const latest = new WeakMap<Socket, { request: IncomingMessage; response: ServerResponse }>();

/** To be called for each request: what comes in the middle of its answer would be part of that for the client. */
export const noteAnswer = (request: IncomingMessage, response: ServerResponse) =>
  void latest.set(request.socket, { request, response });

function isAnswering(socket: Socket): boolean {
  const last = latest.get(socket);
  return last !== undefined && last.response.headersSent && !(last.response.writableFinished && last.request.complete);
}

/**
 * The last answer of a connection whose bytes are no request, with the same members as every other problem. It says that
 * the connection ends: a client that sent its next request on it would never be answered.
 */
export function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  // Nobody listens any more, or an answer is half sent already.
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
    socket.destroy();
    return;
  }
  const { status, detail } = STATUS[error.code ?? ''] ?? BAD;
  const requestId = randomUUID();
  const facts = { instance: '/', requestId };
  const body = JSON.stringify({ ...problemDocument('malformed-body', facts, detail), status });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    ...Object.entries(BARE_ANSWER).map((header) => header.join(': ')),
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroySoon());
}
