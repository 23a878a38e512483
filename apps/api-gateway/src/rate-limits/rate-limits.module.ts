import { Module } from '@nestjs/common';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { Limits } from './limits.js';
import { AddressLimitGuard, CallerLimitGuard } from './rate-limit.guards.js';

@Module({
  providers: [
    { provide: Limits, useFactory: (config: GatewayConfig) => new Limits(config), inject: [GATEWAY_CONFIG] },
    AddressLimitGuard,
    CallerLimitGuard,
  ],
})
export class RateLimitsModule {}
