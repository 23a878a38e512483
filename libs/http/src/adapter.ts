import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { crashPoint, crashPointsAreWatched, type Metrics } from '@app/observability';
import { PROBLEM_MEDIA_TYPE, ProblemError, toProblem } from '@app/problem-details';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { BARE_ANSWER } from './bare-answer.js';
import { KnownPaths } from './known-paths.js';
import { receiveBodies, softenContentType } from './received-body.js';
import type { CrossOrigin } from './service-options.js';
import { arrivalOf, type TwoPorts } from './two-ports.js';
import './route-config.js';

/** Longer than any path that Node takes (16 KiB of headers), so that no parameter is ever 414. */
const MAX_PARAM_LENGTH = 16 * 1024;

/** Characters of a path that nobody serves, in the log. */
const LONGEST_PATH = 200;

/** Fastify as every service uses it: bodies wait for the guards, each port answers its own routes. */
export function createAdapter(ports: TwoPorts, trustedProxies: readonly string[] = []): FastifyAdapter {
  return new FastifyAdapter({
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    serverFactory: ports.createPublic,
    genReqId: (request: IncomingMessage) => arrivalOf(request).context.requestId,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    return503OnClosing: false,
    // The listeners answer what they cannot read.
    clientErrorHandler: () => undefined,
    frameworkErrors: answerUndecodable,
  });
}

/** The router could not decode the path, so it names nothing. No error handler is at work yet. */
function answerUndecodable(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const facts = { instance: request.url.split('?', 1)[0] ?? '/', requestId: request.id };
  const problem = toProblem(new ProblemError('not-found'), facts);
  void reply.status(problem.status).headers(BARE_ANSWER).type(PROBLEM_MEDIA_TYPE).send(JSON.stringify(problem));
}

/** Hooks of every request. To be called before any route exists. */
export function prepareInstance(
  instance: FastifyInstance,
  logger: Logger,
  metrics: Metrics,
  { crossOrigin, networkOf }: { crossOrigin: CrossOrigin | undefined; networkOf: (request: FastifyRequest) => string },
): void {
  const paths = new KnownPaths();
  paths.watch(instance);
  receiveBodies(instance);
  instance.decorateRequest('identity', null);
  instance.decorateRequest('apiKey', null);
  instance.decorateRequest('callingService', null);
  instance.decorateRequest('authorization', undefined);
  instance.decorateRequest('arrivedOn', 'public');

  instance.addHook('onRequest', (request, reply, done) => {
    const { port: arrivedOn, context } = arrivalOf(request.raw);
    request.arrivedOn = arrivedOn;
    if (arrivedOn === 'public') context.network = () => networkOf(request);
    if (hasTwoHosts(request.raw.rawHeaders))
      return done(new ProblemError('malformed-body', 'A request has one Host header (RFC 9112, section 3.2).'));
    softenContentType(request);
    if (crossOrigin?.(request, reply, () => paths.methodsFor(request))) return void reply.status(204).send();
    if (!request.is404) {
      const port = request.routeOptions.config.port ?? 'public';
      return port === 'both' || port === request.arrivedOn ? done() : reply.callNotFound();
    }
    const allowed = paths.methodsFor(request);
    if (allowed.length === 0) return done();
    void reply.header('allow', allowed.join(', '));
    return done(new ProblemError('method-not-allowed'));
  });
  instance.addHook('onRoute', (route) => {
    const { declared } = route.config ?? {};
    // Problems are texts by then. Success is judged here, where no handler gets past, whichever way it answers.
    if (declared)
      route.preSerialization = (_request, { statusCode }, answer, done) => done(null, declared(statusCode, answer));
  });
  // What the handler did is committed. A hook costs each request something, so it is there only for those who listen.
  if (crashPointsAreWatched())
    instance.addHook('onSend', async ({ method, routeOptions: { url = '?' } }, { statusCode }) => {
      if (statusCode < 400) crashPoint('http/before-answer', () => [{ what: `${method} ${url}` }]);
    });
  // Its lines hold ids and numbers only; looking for secrets in each would cost 90 µs, thirty times the line itself.
  const lines = logger.child({}, { redact: [] });
  instance.addHook('onResponse', (request, reply, done) => {
    report(request, reply, lines, metrics);
    done();
  });
}

/** Node would take the first, and whoever stands before us perhaps the other. @param raw names and values by turns */
function hasTwoHosts(raw: readonly string[]): boolean {
  let hosts = 0;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}

/** One line and one measurement per request. The path's ids stay out of the labels, the query out of the log. */
function report(request: FastifyRequest, reply: FastifyReply, logger: Logger, metrics: Metrics): void {
  const { method, id: requestId, identity, apiKey } = request;
  const route = request.routeOptions.url ?? 'unknown';
  const ms = Math.round(reply.elapsedTime * 1000) / 1000;
  metrics.requestAnswered(method, route, reply.statusCode, ms);
  const path = request.is404 ? (request.url.split('?', 1)[0] ?? '').slice(0, LONGEST_PATH) : undefined;
  const who = { userId: identity?.userId, keyId: apiKey?.keyId };
  const line = { requestId, method, route, path, status: reply.statusCode, ms, ...who };
  // Probes and the services' own calls come every second; only their failures are news.
  const routine = reply.statusCode < 400 && (request.arrivedOn === 'internal' || route.startsWith('/health'));
  if (routine) logger.debug(line, 'answered');
  else logger.info(line, 'answered');
}
