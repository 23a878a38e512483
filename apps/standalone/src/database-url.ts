import { exitStatusOf, readArguments, runCommand, UsageError } from '@app/configuration';
import { readConfig } from './config.js';
import { OWNERS, type DatabaseOwner } from './databases/databases.js';
import { ownerLogins } from './databases/owner-logins.js';
import { storyOf } from './expected-error.js';

const DATABASES: readonly (DatabaseOwner | 'broker')[] = [...OWNERS, 'broker'];

const USAGE = `Usage: npm run -s database-url -- <service>

Prints the owner's login to the database of a service, for psql: of the platform that runs on DATA_DIR, or on DATABASE_URL.
Row-level security does not bind it. The services are ${DATABASES.join(', ')}.
`;

/** `npm run database-url`. */
const args = process.argv.slice(2);
try {
  process.exitCode = await runCommand({ args, usage: USAGE }, async (out) => {
    const { positionals } = readArguments(args, {});
    const service = DATABASES.find((one) => one === positionals[0]);
    if (!service || positionals.length > 1) throw new UsageError(`Name one of ${DATABASES.join(', ')}.`);
    out(`${ownerLogins(readConfig())(service)}\n`);
    return 0;
  });
} catch (error) {
  console.error(storyOf(error));
  process.exitCode = exitStatusOf(error);
}
