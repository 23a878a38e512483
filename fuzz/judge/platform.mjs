import { logsOf, seriousLines } from '../logs/logs.mjs';
import { addSecretsOf } from '../logs/secrets-of-platform.mjs';

const SERVICES = ['ticket-api', 'payment-service', 'notification-service'];
const AT_REST = {
  ...{ atRest: true, waitSeconds: 60, patienceSeconds: 30, examples: 3, expectedDeadLetters: 0, providerHours: 24 },
};

/** What must hold of a platform when all requests are done: its invariants, and what its logs say and do not say. */
export async function judgePlatform({ platform, inner, secrets, environment, say }) {
  const { audit } = await import('../../dist/libs/invariants/src/index.js');
  const owner = (name) => inner.databases.of[name].ownerUrl;
  const report = await audit(
    {
      databases: Object.fromEntries(SERVICES.map((service) => [service, owner(service)])),
      broker: {
        BROKER_DATABASE_URL: inner.databases.broker.ownerUrl,
        MESSAGE_RETRY_DELAYS: environment.MESSAGE_RETRY_DELAYS,
      },
      provider: { apiBase: platform.simulator, secretKey: inner.secrets.stripeSecretKey },
    },
    AT_REST,
  );
  say('The invariants are judged.');
  await addSecretsOf(platform, inner, secrets);
  const logs = logsOf(platform.dataDirectory);
  return {
    wrong: [
      ...report.judgements.flatMap(({ invariant, findings }) =>
        findings.map(
          ({ found, broken, examples }) => `${invariant}: ${found} ${broken}, such as ${JSON.stringify(examples[0])}`,
        ),
      ),
      ...logs.flatMap(({ name, text }) => secrets.foundIn(text, name)),
      ...seriousLines(logs),
    ],
    notChecked: [
      ...report.judgements.flatMap(({ invariant, notChecked }) => notChecked.map((why) => `${invariant}: ${why}`)),
      ...(logs.length === 0 ? ['no log was there to look at'] : []),
      ...secrets.missing.map((kind) => `${kind} was never there to look for in the logs`),
    ],
  };
}
