import { join } from 'node:path';
import { exitStatusOf } from '@app/configuration';
import { runDeadLetterCommand } from '@app/messaging';
import { readBroker, type BrokerEnvironment } from './broker-file.js';
import { readConfig } from './config.js';
import { ExpectedError, storyOf } from './expected-error.js';

/** `npm run dead-letters`: the command of `libs/messaging` on the broker of the environment, or of the platform that runs on DATA_DIR. */
function brokerToAsk(): BrokerEnvironment {
  const { brokerDatabaseUrl, dataDirectory, rabbitmqUrl } = readConfig();
  if (rabbitmqUrl) return { RABBITMQ_URL: rabbitmqUrl };
  if (brokerDatabaseUrl) return { BROKER_DATABASE_URL: brokerDatabaseUrl };
  const broker = readBroker(join(dataDirectory, 'broker.json'));
  if (broker) return broker;
  throw new ExpectedError(
    `No platform runs on ${dataDirectory}. Start it with \`npm start\`, or name its DATA_DIR, or RABBITMQ_URL or BROKER_DATABASE_URL.`,
  );
}

try {
  process.exitCode = await runDeadLetterCommand(process.argv.slice(2), brokerToAsk);
} catch (error) {
  console.error(storyOf(error));
  process.exitCode = exitStatusOf(error);
}
