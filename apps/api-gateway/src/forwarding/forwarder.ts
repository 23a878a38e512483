import { Injectable } from '@nestjs/common';
import { IDENTITY_HEADER, IdentityTokens, principalOf } from '@app/auth';
import { linkIdentity, receiveWebhook, type Operation } from '@app/contracts';
import { ReceivedBody } from '@app/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import { ShownTokens } from '../authentication/issuers/shown-tokens.js';
import { etagOf, isUnchanged } from './conditional.js';
import { requestHeaders, responseHeaders } from './headers.js';
import { OrderGroups } from './order-groups.js';
import { Places } from './places.js';
import { SharedPages, type Page, type Said } from './shared-pages.js';
import { unavailable } from './silence.js';
import { Watchers } from '../streams/watchers.js';
import { Upstreams } from './upstreams.js';

/** Answers up to this size are passed on whole (bytes), which costs half of what a stream does; larger ones flow through. */
const WHOLE = 1024 * 1024;
/** Requests at each service that are no groups of orders: as many as one event loop with twenty connections to its database has use for. */
const PLACES = 128;
/** Webhooks at payment-service. */
const WEBHOOK_PLACES = 16;
/** Milliseconds that a request waits for its place. */
const PATIENCE = 3_000;
/** Of a page that was kept, in seconds, rounded up. */
const OLDEST = { age: '1' };
/** What a page shows may depend on who looks, and changes: a client may keep it, but has to ask each time. */
const ASK_AGAIN = 'private, no-cache';

/** Passes a judged request on to its service and the answer back, without understanding either. */
@Injectable()
export class Forwarder {
  private readonly places = new Map<string, Places>();

  constructor(
    private readonly upstreams: Upstreams,
    private readonly identities: IdentityTokens,
    private readonly shown: ShownTokens,
    private readonly orders: OrderGroups,
    private readonly pages: SharedPages,
    private readonly watchers: Watchers,
  ) {}

  /** @throws ProblemError `service-unavailable` when the service does not answer, or dies while it does. */
  forward(operation: Operation, request: FastifyRequest, reply: FastifyReply): Promise<void> | void {
    if (operation.stream !== undefined) return this.watch(operation, request, reply);
    const key = this.pages.keyOf(operation, request);
    const kept = key === undefined ? undefined : this.pages.get(key);
    if (kept) return sendPage(request, reply, kept, OLDEST);
    const order = this.orders.read(operation, request);
    return order ? this.orders.send(order, reply) : this.pass(operation, key, request, reply);
  }

  private async pass(operation: Operation, key: string | undefined, request: FastifyRequest, reply: FastifyReply) {
    // What is asked for a shared page is asked for others too.
    const isGone = () => key === undefined && reply.raw.destroyed;
    const ask = () => this.placesFor(operation).hold(() => this.ask(operation, request), isGone);
    const answer = await (key === undefined ? ask() : this.pages.read(key, ask));
    if ('etag' in answer) return sendPage(request, reply, answer);
    return this.answer(operation, request, reply, answer);
  }

  /** Whoever may make the call beside a stream may watch: that call is made for each of them, and judges. */
  private async watch(operation: Operation, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const beside = request.url.replace(/\/stream(?=\?|$)/, '');
    const isGone = () => reply.raw.destroyed;
    const answer = await this.placesFor(operation).hold(() => this.ask(operation, request, beside), isGone);
    if (answer.statusCode !== 200) return this.answer(operation, request, reply, answer);
    if (request.method === 'HEAD') return sendHead(reply.type('text/event-stream; charset=utf-8'), undefined);
    if (!isGone()) this.watchers.admit(operation, request, reply);
  }

  private answer(operation: Operation, request: FastifyRequest, reply: FastifyReply, answer: Said): void {
    const { headers, body } = answer;
    describe(operation, answer, reply);
    if (body === undefined) return sendHead(reply, headers['content-length']);
    if (Buffer.isBuffer(body) && isConditional(operation, answer))
      return sendConditionally(request, reply, body, headers.etag ?? etagOf(body));
    void reply.send(Buffer.isBuffer(body) && body.length === 0 ? undefined : body);
  }

  /** The provider's webhooks have places of their own: a crowd that pays must not keep out what says that it has paid. */
  private placesFor({ service, id }: Operation): Places {
    const name = id === receiveWebhook.id ? id : service;
    let places = this.places.get(name);
    if (!places) this.places.set(name, (places = new Places(name === service ? PLACES : WEBHOOK_PLACES, PATIENCE)));
    return places;
  }

  /** What the service says. Small bodies are read before anything is passed on: one that breaks off leaves no trace. */
  private async ask(operation: Operation, request: FastifyRequest, path = request.url): Promise<Said> {
    const headers = requestHeaders(request, operation.path.startsWith('/auth/'));
    const principal = principalOf(request);
    if (principal) headers[IDENTITY_HEADER] = await this.identities.sign(principal, operation.service);
    if (operation.id === linkIdentity.id) Object.assign(headers, await this.shown.headersFor(operation, request));
    // An entity tag is that of the body, so HEAD of an event page asks for it too.
    const method = request.method === 'HEAD' && isEventPage(operation) ? 'GET' : request.method;
    const answer = await this.upstreams
      .send(operation.service, {
        method: method as Dispatcher.HttpMethod,
        path,
        headers,
        body: bodyOf(request.body),
      })
      .finally(() => this.pages.written(operation, request));
    const { statusCode } = answer;
    if (method === 'HEAD') {
      await answer.body.dump();
      return { statusCode, headers: answer.headers, body: undefined };
    }
    const length = Number(answer.headers['content-length'] ?? (statusCode === 204 ? 0 : NaN));
    return {
      statusCode,
      headers: answer.headers,
      body: length <= WHOLE ? await wholeOf(operation, answer) : answer.body,
    };
  }
}

const wholeOf = async ({ service }: Operation, { body }: Dispatcher.ResponseData) =>
  Buffer.from(
    await body.arrayBuffer().catch((error: unknown) => {
      throw unavailable(service, error);
    }),
  );

const isEventPage = ({ tag, method }: Operation) => tag === 'catalogue' && method === 'GET';

const isConditional = (operation: Operation, { statusCode }: Said) => isEventPage(operation) && statusCode === 200;

/** Status and headers of the answer. */
function describe(operation: Operation, answer: Said, reply: FastifyReply): void {
  const { vary } = answer.headers;
  const ours = reply.getHeader('vary');
  void reply.status(answer.statusCode).headers(responseHeaders(answer.headers));
  if (vary !== undefined && ours !== undefined) void reply.header('vary', `${String(ours)}, ${vary}`);
  // No cache may keep what concerns one person.
  if (!reply.hasHeader('cache-control'))
    void reply.header('cache-control', isConditional(operation, answer) ? ASK_AGAIN : 'no-store');
  // RFC 9110 wants every 401 to name a way of signing in, a wrong password's too.
  if (answer.statusCode === 401 && !reply.hasHeader('www-authenticate'))
    void reply.header('www-authenticate', 'Bearer');
}

/** Of a body that is too large the service gets as much as it needs to say so, after it has judged the rest. */
const bodyOf = (body: unknown): Buffer | null => {
  if (body instanceof ReceivedBody) return body.bytes;
  return Buffer.isBuffer(body) ? body : null;
};

function sendPage(request: FastifyRequest, reply: FastifyReply, page: Page, age?: Record<string, string>): void {
  void reply.headers({ 'content-type': page.type, 'cache-control': ASK_AGAIN, ...age });
  sendConditionally(request, reply, page.text, page.etag);
}

function sendConditionally(request: FastifyRequest, reply: FastifyReply, body: Buffer | string, etag: string): void {
  void reply.header('etag', etag);
  if (isUnchanged(request.headers['if-none-match'], etag)) void reply.status(304).removeHeader('content-type').send();
  else void reply.send(body);
}

/** Fastify would tell the length of what it sends, which is nothing. */
function sendHead(reply: FastifyReply, length: string | undefined): void {
  reply.hijack();
  const headers = { ...reply.getHeaders(), ...(length === undefined ? {} : { 'content-length': length }) };
  reply.raw.writeHead(reply.statusCode, headers as Record<string, string>).end();
}
