import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { IdentityTokens, PlatformAdmins, ProvenIdentities, ServiceCaller, ServiceKeys, ServiceTokens } from '@app/auth';
import { createLogger, Metrics, SecurityEvents } from '@app/observability';
import type { Logger } from 'pino';
import type { ServiceConfig } from './service-options.js';

/** What every part of a service may inject: its keys and tokens, its metrics and security events. */
@Module({})
export class ServiceModule {
  static around(
    name: string,
    config: ServiceConfig,
    module: Type | DynamicModule,
    logger: Logger = createLogger(name, config.logLevel),
  ): DynamicModule {
    const metrics = new Metrics(name);
    const provided = [
      { provide: ServiceKeys, useValue: new ServiceKeys(name, config) },
      { provide: PlatformAdmins, useValue: new PlatformAdmins(config.platformAdmins ?? []) },
      { provide: Metrics, useValue: metrics },
      { provide: SecurityEvents, useValue: new SecurityEvents(logger, metrics) },
      IdentityTokens,
      ProvenIdentities,
      ServiceTokens,
      ServiceCaller,
    ];
    return { module: ServiceModule, global: true, imports: [module], providers: provided, exports: provided };
  }
}
