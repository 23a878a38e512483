import { join } from 'node:path';
import { exitStatusOf } from '@app/configuration';
import { runDeadLetterCommand } from '@app/messaging';
import type { BrokerEnvironment } from './broker-file.js';
import { brokerToAsk } from './broker-to-ask.js';
import { readConfig } from './config.js';
import { ExpectedError, storyOf } from './expected-error.js';

/** `npm run dead-letters`: the command of `libs/messaging` on the broker of the environment, or of the platform that runs on DATA_DIR. */
function broker(): BrokerEnvironment {
  const config = readConfig();
  const found = brokerToAsk(config, join(config.dataDirectory, 'broker.json'));
  if (found) return found;
  throw new ExpectedError(
    `No platform runs on ${config.dataDirectory}. Start it with \`npm start\`, or name its DATA_DIR, or RABBITMQ_URL or BROKER_DATABASE_URL.`,
  );
}

try {
  process.exitCode = await runDeadLetterCommand(process.argv.slice(2), broker);
} catch (error) {
  console.error(storyOf(error));
  process.exitCode = exitStatusOf(error);
}
