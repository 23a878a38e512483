import { Module, type DynamicModule } from '@nestjs/common';
import { operations } from '@app/contracts';
import { AuthenticationModule } from './authentication/authentication.module.js';
import { GATEWAY_CONFIG, type GatewayConfig } from './config.js';
import { ForwardingModule } from './forwarding/forwarding.module.js';
import { openControllers } from './operations/open-controllers.js';
import { RateLimitsModule } from './rate-limits/rate-limits.module.js';

@Module({})
class ConfigModule {}

@Module({})
export class AppModule {
  static with(config: GatewayConfig): DynamicModule {
    const given = { provide: GATEWAY_CONFIG, useValue: config };
    return {
      module: AppModule,
      imports: [
        { module: ConfigModule, global: true, providers: [given], exports: [given] },
        AuthenticationModule,
        RateLimitsModule,
        ForwardingModule.of(operations),
      ],
      controllers: openControllers,
    };
  }
}
