import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { ServiceTokens } from '@app/auth';
import type { Operation } from '@app/contracts';
import { internalClient, type InternalClient } from '@app/http';
import { AuthenticationModule } from '../authentication/authentication.module.js';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { Forwarder } from './forwarder.js';
import { operationControllers } from './operation-controllers.js';
import { STREAM_CLIENT, Watchers } from '../streams/watchers.js';
import { ORDER_CLIENT, OrderGroups } from './order-groups.js';
import { SharedPages } from './shared-pages.js';
import { Upstreams } from './upstreams.js';

/** A group of orders may take this long from its sending on, in milliseconds. */
const GROUP_TIMEOUT = 10_000;
/** What is asked about those who watch has an answer within so many milliseconds. */
const STREAM_TIMEOUT = 2_000;

@Module({})
export class ForwardingModule implements OnApplicationShutdown {
  constructor(@Inject(ORDER_CLIENT) private readonly orders: InternalClient) {}

  static of(operations: readonly Operation[]): DynamicModule {
    return {
      module: ForwardingModule,
      imports: [AuthenticationModule],
      controllers: operationControllers(operations),
      providers: [
        {
          provide: ORDER_CLIENT,
          useFactory: ({ ticketApiInternalUrl: url }: GatewayConfig, tokens: ServiceTokens) =>
            internalClient({ service: 'ticket-api', url, tokens, timeout: GROUP_TIMEOUT }),
          inject: [GATEWAY_CONFIG, ServiceTokens],
        },
        {
          provide: STREAM_CLIENT,
          useFactory: ({ ticketApiInternalUrl: url }: GatewayConfig, tokens: ServiceTokens) =>
            internalClient({ service: 'ticket-api', url, tokens, timeout: STREAM_TIMEOUT, connections: null }),
          inject: [GATEWAY_CONFIG, ServiceTokens],
        },
        Watchers,
        Upstreams,
        OrderGroups,
        SharedPages,
        Forwarder,
      ],
      exports: [Upstreams],
    };
  }

  onApplicationShutdown(): Promise<void> {
    return this.orders.close();
  }
}
