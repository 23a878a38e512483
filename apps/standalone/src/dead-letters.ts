import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exitStatusOf } from '@app/configuration';
import { runDeadLetterCommand } from '@app/messaging';
import { readConfig, type Config } from './config.js';
import { loadSecrets } from './data-directory/secrets.js';
import { databasesOn } from './databases/databases.js';
import { EmbeddedPostgres } from './embedded-postgres/embedded-postgres.js';
import { ExpectedError, storyOf } from './expected-error.js';

/** `npm run dead-letters`: the command of `libs/messaging` on the broker of the platform of DATA_DIR, or of the environment. */
function brokerOf(config: Config): { RABBITMQ_URL?: string; BROKER_DATABASE_URL?: string } {
  const { brokerDatabaseUrl, dataDirectory, rabbitmqUrl } = config;
  if (rabbitmqUrl) return { RABBITMQ_URL: rabbitmqUrl };
  if (brokerDatabaseUrl) return { BROKER_DATABASE_URL: brokerDatabaseUrl };
  const secrets = join(dataDirectory, 'secrets.json');
  if (!existsSync(secrets))
    throw new ExpectedError(
      `No platform has run on ${dataDirectory}. Name its DATA_DIR, or RABBITMQ_URL or BROKER_DATABASE_URL.`,
    );
  const server = config.databaseUrl ?? embeddedServer(dataDirectory);
  return { BROKER_DATABASE_URL: databasesOn(server, config.databasePrefix, loadSecrets(secrets)).broker.loginUrl };
}

function embeddedServer(dataDirectory: string): string {
  const port = EmbeddedPostgres.portInUse(join(dataDirectory, 'postgres'));
  if (!port)
    throw new ExpectedError(
      `The platform of ${dataDirectory} is not running: its messages lie in its database. Start it with \`npm start\`.`,
    );
  return `postgres://127.0.0.1:${port}/postgres`;
}

try {
  process.exitCode = await runDeadLetterCommand(process.argv.slice(2), brokerOf(readConfig()));
} catch (error) {
  console.error(storyOf(error));
  process.exitCode = exitStatusOf(error);
}
