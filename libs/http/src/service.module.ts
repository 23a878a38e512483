import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { IdentityTokens, PlatformAdmins, ProvenIdentities, ServiceCaller, ServiceKeys, ServiceTokens } from '@app/auth';
import { Metrics } from '@app/observability';
import type { ServiceConfig } from './service-options.js';

/** What every part of a service may inject: its keys and tokens, and its metrics. */
@Module({})
export class ServiceModule {
  static around(name: string, config: ServiceConfig, module: Type | DynamicModule): DynamicModule {
    const provided = [
      { provide: ServiceKeys, useValue: new ServiceKeys(name, config) },
      { provide: PlatformAdmins, useValue: new PlatformAdmins(config.platformAdmins ?? []) },
      { provide: Metrics, useValue: new Metrics(name) },
      IdentityTokens,
      ProvenIdentities,
      ServiceTokens,
      ServiceCaller,
    ];
    return { module: ServiceModule, global: true, imports: [module], providers: provided, exports: provided };
  }
}
