import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  IdentityTokens,
  networkOfRequest,
  OperationGuard,
  PlatformAdmins,
  RESOURCE_AUTHORIZER,
  ServiceCaller,
  type ResourceAuthorizer,
} from '@app/auth';
import { operations } from '@app/contracts';
import { createLogger, Health, Metrics, NestLogger, SecurityEvents } from '@app/observability';
import { ProblemFilter } from '@app/problem-details';
import type { Logger } from 'pino';
import { createAdapter, prepareInstance } from './adapter.js';
import { checkRoutes } from './check-routes.js';
import { jsonReader } from './json-body.js';
import { serveOperations } from './operational-routes.js';
import { RequestPipe } from './request.pipe.js';
import type { ServiceConfig, ServiceOptions } from './service-options.js';
import { ServiceModule } from './service.module.js';
import { BACKLOG, TwoPorts } from './two-ports.js';

export interface RunningService {
  app: NestFastifyApplication;
  logger: Logger;
  /** Base address of the public port, without a slash at its end. */
  url: string;
  internalUrl: string;
  /**
   * Is not ready from now on and, for the config's `shutdownDelay`, serves as before, each answer ending its connection;
   * then stops taking, lets what runs finish, and closes messages, stores and the rest.
   */
  close: () => Promise<void>;
  /** Milliseconds of `close` in which it still serves. */
  shutdownDelay: number;
}

/**
 * Builds a service, checks that its routes fit the contract and listens, without touching the process (`startService`
 * does): this is how specs open one.
 * @throws when a route has no rule, an operation no handler, a port is in use, …
 */
export async function openService<Config extends ServiceConfig>(
  options: ServiceOptions<Config>,
  config: Config,
  logger: Logger = createLogger(options.name, config.logLevel),
): Promise<RunningService> {
  const ports = new TwoPorts((count) => shed.inc(count));
  const app = await NestFactory.create<NestFastifyApplication>(
    ServiceModule.around(options.name, config, options.module(config), logger),
    createAdapter(ports, options.trustedProxies?.(config)),
    { logger: new NestLogger(logger), bodyParser: false, abortOnError: false },
  );
  const instance = app.getHttpAdapter().getInstance();
  const metrics = app.get(Metrics);
  const health = new Health(options.checks?.(app), options.reported?.(app));
  const shed = metrics.counter('http_requests_shed_total', 'Requests refused because more came than could be begun');
  const authorizer = find<ResourceAuthorizer>(app, RESOURCE_AUTHORIZER);
  const guards = options.guards?.(app) ?? [
    new OperationGuard(
      ...[app.get(IdentityTokens), app.get(ServiceCaller), app.get(PlatformAdmins), app.get(SecurityEvents)],
      authorizer,
    ),
  ];
  const { networkOf = networkOfRequest } = options;
  prepareInstance(instance, logger, metrics, { crossOrigin: options.crossOrigin?.(config), networkOf });
  serveOperations(instance, health, metrics);
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalGuards(...guards);
  app.useGlobalPipes(new RequestPipe(jsonReader(instance)));
  const expected = options.operations ?? operations.filter(({ service }) => service === options.name);
  checkRoutes(app, expected, authorizer !== undefined || options.guards !== undefined);

  let internalClosed: Promise<void> | undefined;
  instance.addHook('preClose', (done) => {
    internalClosed = ports.closeInternal();
    done();
  });
  instance.addHook('onClose', async () => internalClosed);
  const { shutdownDelay = 0 } = config;
  let serving = false;
  const close = async () => {
    health.markStopping();
    if (serving && shutdownDelay > 0) {
      ports.endConnections();
      await sleep(shutdownDelay);
    }
    await app.close();
  };

  try {
    await options.prepare?.(app, config);
    if (options.strategy) app.connectMicroservice({ strategy: await options.strategy(app) });
    await app.init();
    await ports.listenInternally(config.internalPort, config.host);
    await app.listen({ port: config.port, host: config.host, backlog: BACKLOG });
    await app.startAllMicroservices();
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  health.markStarted();
  serving = true;
  const url = urlOf(app.getHttpServer().address() as AddressInfo);
  const internalUrl = urlOf(ports.internal.address() as AddressInfo);
  logger.info({ url, internalUrl }, 'listening');
  return { app, logger, url, internalUrl, close, shutdownDelay };
}

/** What a service provides under `token`, in whichever module; Nest's own look-up logs an error when there is nothing. */
function find<Found>(app: NestFastifyApplication, token: symbol): Found | undefined {
  const wrappers = [...app.get(ModulesContainer).values()].map(({ providers }) => providers.get(token));
  return wrappers.find((wrapper) => wrapper !== undefined)?.instance as Found | undefined;
}

const urlOf = ({ address, family, port }: AddressInfo) =>
  `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
