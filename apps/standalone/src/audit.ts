import { join } from 'node:path';
import { runAuditCommand, type Sources } from '@app/invariants';
import { brokerToAsk } from './broker-to-ask.js';
import { readConfig, type Config } from './config.js';
import type { Secrets } from './data-directory/secrets.js';
import { keptSecrets, ownerLogins } from './databases/owner-logins.js';
import { storyOf } from './expected-error.js';
import { readPlatform } from './platform-file.js';

/** Nothing was found out: neither that it holds nor that it is broken. */
const NOT_CHECKED = 2;
const STRIPE = 'https://api.stripe.com';

/**
 * `npm run audit`: the command of `libs/invariants` on the services that the environment names as for `npm start`, or on
 * the platform that runs on DATA_DIR.
 */
function sources(): Sources {
  const config = readConfig();
  const file = (name: string) => join(config.dataDirectory, name);
  const login = ownerLogins(config);
  const broker = brokerToAsk(config, file('broker.json')) ?? { BROKER_DATABASE_URL: login('broker') };
  const { MESSAGE_RETRY_DELAYS } = config.inherited;
  return {
    databases: {
      'ticket-api': login('ticket-api'),
      'payment-service': login('payment-service'),
      'notification-service': login('notification-service'),
    },
    broker: { ...broker, ...(MESSAGE_RETRY_DELAYS && { MESSAGE_RETRY_DELAYS }) },
    provider: providerOf(config, keptSecrets(config), readPlatform(file('platform.json'))?.simulator),
  };
}

function providerOf(
  { stripe }: Config,
  secrets: Secrets | undefined,
  simulator: string | undefined,
): Sources['provider'] {
  if (stripe) return { apiBase: stripe.apiBase ?? STRIPE, secretKey: stripe.secretKey };
  return secrets && simulator ? { apiBase: simulator, secretKey: secrets.stripeSecretKey } : undefined;
}

try {
  process.exitCode = await runAuditCommand(process.argv.slice(2), sources);
} catch (error) {
  console.error(storyOf(error));
  process.exitCode = NOT_CHECKED;
}
