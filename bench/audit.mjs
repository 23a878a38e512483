import { on } from './stage/databases.mjs';

/** What holds of what a benchmark leaves: it writes orders of its own, which were neither paid nor mailed. */
const HELD = ['I1', 'I2', 'I4', 'I7', 'I11', 'I12'];

/**
 * What must be true after any run, whatever was measured.
 * @param seen ids of the orders whose 201 a client has seen
 * @param payments login to payment-service's database, when every message has had its effect
 * @returns what is wrong, in words; empty when all is well
 */
export async function audit(databaseUrl, seen, payments) {
  const { audit: ask } = await import('../dist/libs/invariants/src/index.js');
  const report = await ask(
    { databases: { 'ticket-api': databaseUrl, ...(payments && { 'payment-service': payments }) } },
    {
      ...{ atRest: false, waitSeconds: 0, patienceSeconds: 0, examples: 1 },
      ...{ expectedDeadLetters: 0, providerHours: 0, only: HELD },
    },
  );
  const wrong = report.judgements.flatMap(({ findings }) =>
    findings.map(({ found, broken, examples }) => `${found} ${broken}, such as ${JSON.stringify(examples[0])}`),
  );
  const unchecked = report.judgements.flatMap(({ notChecked }) => notChecked);
  wrong.push(...unchecked.filter((why) => payments || !why.endsWith('is not named')));
  const missing = 'select count(*)::int as count from orders where id = any($1)';
  const [{ count }] = await on(databaseUrl, (client) => client.query(missing, [seen]).then(({ rows }) => rows));
  const lost = new Set(seen).size - count;
  if (lost > 0) wrong.push(`orders whose 201 was seen and that are not there: ${lost}`);
  if (new Set(seen).size !== seen.length) wrong.push('an order was answered to two requests with keys of their own');
  return wrong;
}
