import { Module } from '@nestjs/common';
import { Health } from '@app/observability';
import { Database } from '@app/persistence';
import { HealthController } from './health.controller.js';

@Module({
  controllers: [HealthController],
  providers: [
    {
      provide: Health,
      inject: [Database],
      useFactory: (database: Database) => new Health({ database: () => database.isUp() }),
    },
  ],
  exports: [Health],
})
export class HealthModule {}
