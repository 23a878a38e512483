import type { ServiceOptions } from '@app/http';
import { Messaging, messageStrategy } from '@app/messaging';
import { Database } from '@app/persistence';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';

/** The service as `main.ts` starts it and specs open it. */
export const paymentService: ServiceOptions<Config> = {
  name: 'payment-service',
  module: (config) => AppModule.with(config),
  checks: (app) => ({ db: () => app.get(Database).isUp() }),
  reported: (app) => ({ messages: () => app.get(Messaging).isUp() }),
  strategy: messageStrategy,
};
