import { Injectable } from '@nestjs/common';
import { IDENTITY_HEADER, IdentityTokens } from '@app/auth';
import type { Operation } from '@app/contracts';
import { ReceivedBody } from '@app/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import { etagOf, isUnchanged } from './conditional.js';
import { requestHeaders, responseHeaders } from './headers.js';
import { OrderGroups } from './order-groups.js';
import { unavailable, Upstreams } from './upstreams.js';

/** Answers up to this size are passed on whole (bytes), which costs half of what a stream does; larger ones flow through. */
const WHOLE = 1024 * 1024;

/** Passes a judged request on to its service and the answer back, without understanding either. */
@Injectable()
export class Forwarder {
  constructor(
    private readonly upstreams: Upstreams,
    private readonly identities: IdentityTokens,
    private readonly orders: OrderGroups,
  ) {}

  /** @throws ProblemError `service-unavailable` when the service does not answer, or dies while it does. */
  async forward(operation: Operation, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const order = this.orders.read(operation, request);
    if (order) return this.orders.send(order, reply);
    const headers = requestHeaders(request, operation.path.startsWith('/auth/'));
    if (request.identity) headers[IDENTITY_HEADER] = await this.identities.sign(request.identity, operation.service);
    // An entity tag is that of the body, so HEAD of an event page asks for it too.
    const method = request.method === 'HEAD' && isEventPage(operation) ? 'GET' : request.method;
    const answer = await this.upstreams.send(operation.service, {
      method: method as Dispatcher.HttpMethod,
      path: request.url,
      headers,
      body: bodyOf(request.body),
    });
    if (method === 'HEAD') return this.passHead(operation, answer, reply);
    const length = Number(answer.headers['content-length'] ?? (answer.statusCode === 204 ? 0 : NaN));
    // Read before anything is said: a service that dies halfway leaves no trace in the problem that follows.
    const body = length <= WHOLE ? await wholeOf(operation, answer) : answer.body;
    describe(operation, answer, reply);
    if (body instanceof Buffer && isConditional(operation, answer)) return sendConditionally(request, reply, body);
    void reply.send(length === 0 ? undefined : body);
  }

  private async passHead(operation: Operation, answer: Dispatcher.ResponseData, reply: FastifyReply): Promise<void> {
    await answer.body.dump();
    describe(operation, answer, reply);
    const length = answer.headers['content-length'];
    // Fastify would tell the length of what it sends, which is nothing.
    reply.hijack();
    const headers = { ...reply.getHeaders(), ...(length === undefined ? {} : { 'content-length': length }) };
    reply.raw.writeHead(answer.statusCode, headers as Record<string, string>).end();
  }
}

const wholeOf = async ({ service }: Operation, { body }: Dispatcher.ResponseData) =>
  Buffer.from(
    await body.arrayBuffer().catch((error: unknown) => {
      throw unavailable(service, error);
    }),
  );

const isEventPage = ({ tag, method }: Operation) => tag === 'catalogue' && method === 'GET';

const isConditional = (operation: Operation, { statusCode }: Dispatcher.ResponseData) =>
  isEventPage(operation) && statusCode === 200;

/** Status and headers of the answer. */
function describe(operation: Operation, answer: Dispatcher.ResponseData, reply: FastifyReply): void {
  void reply.status(answer.statusCode).headers(responseHeaders(answer.headers));
  // What a page shows may depend on who looks, and no cache may keep what concerns one person.
  if (!reply.hasHeader('cache-control'))
    void reply.header('cache-control', isConditional(operation, answer) ? 'private, no-cache' : 'no-store');
  // RFC 9110 wants every 401 to name a way of signing in, a wrong password's too.
  if (answer.statusCode === 401 && !reply.hasHeader('www-authenticate'))
    void reply.header('www-authenticate', 'Bearer');
}

/** Of a body that is too large the service gets as much as it needs to say so, after it has judged the rest. */
const bodyOf = (body: unknown): Buffer | null => {
  if (body instanceof ReceivedBody) return body.bytes;
  return Buffer.isBuffer(body) ? body : null;
};

function sendConditionally(request: FastifyRequest, reply: FastifyReply, bytes: Buffer): void {
  const given = reply.getHeader('etag');
  const etag = typeof given === 'string' ? given : etagOf(bytes);
  void reply.header('etag', etag);
  if (isUnchanged(request.headers['if-none-match'], etag)) void reply.status(304).removeHeader('content-type').send();
  else void reply.send(bytes);
}
