import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { dataSourceOptions, type ConnectionOptions } from './data-source.js';
import { Database } from './database.js';

/** The service's database, once, for every feature. */
@Module({})
export class PersistenceModule {
  static forRoot(options: ConnectionOptions): DynamicModule {
    return {
      module: PersistenceModule,
      global: true,
      imports: [TypeOrmModule.forRoot({ ...dataSourceOptions(options), retryAttempts: 30, retryDelay: 500 })],
      providers: [Database],
      exports: [Database],
    };
  }
}
