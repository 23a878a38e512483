import { startService } from '@app/http';
import { messageStrategy, Messaging } from '@app/messaging';
import { Database } from '@app/persistence';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';

await startService({
  name: 'notification-service',
  config: readConfig,
  module: (config) => AppModule.with(config),
  strategy: messageStrategy,
  checks: (app) => ({ db: () => app.get(Database).isUp() }),
  reported: (app) => ({ messages: () => app.get(Messaging).isUp() }),
});
