import { Module, type DynamicModule } from '@nestjs/common';
import type { Operation } from '@app/contracts';
import { Forwarder } from './forwarder.js';
import { operationControllers } from './operation-controllers.js';
import { Upstreams } from './upstreams.js';

@Module({})
export class ForwardingModule {
  static of(operations: readonly Operation[]): DynamicModule {
    return {
      module: ForwardingModule,
      controllers: operationControllers(operations),
      providers: [Upstreams, Forwarder],
      exports: [Upstreams],
    };
  }
}
