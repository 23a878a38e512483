import { setTimeout as sleep } from 'node:timers/promises';
import { readBacklog, type BacklogEnvironment } from '@app/messaging';
import { SERVICES, type Finding, type Service } from '../invariant.js';
import { Snapshot } from '../look/snapshot.js';

const invariant = 'I6';
/** Milliseconds between two looks. */
const EVERY = 500;
/** Looks in a row that must find nothing: RabbitMQ does not show what a service is working at. */
const QUIET_LOOKS = 3;

export interface MessagesToWatch {
  /** The owner's logins. */
  databases: Readonly<Record<Service, string>>;
  broker: BacklogEnvironment;
}

/** What lies where, by outbox or queue. */
interface Lying {
  waiting: Record<string, number>;
  dead: Record<string, number>;
}

/**
 * Waits until every message has had its effect, `limit` seconds at most.
 * @param expectedDead dead letters that are meant to be there
 * @returns whether nothing is on its way any more, and what breaks the invariant
 */
export async function waitForRest(
  watched: MessagesToWatch,
  { limit, expectedDead }: { limit: number; expectedDead: number },
): Promise<{ isAtRest: boolean; findings: Finding[] }> {
  const end = Date.now() + limit * 1000;
  for (let quiet = 0; ; await sleep(EVERY)) {
    const lying = await look(watched);
    quiet = sum(lying.waiting) === 0 ? quiet + 1 : 0;
    const isAtRest = quiet === QUIET_LOOKS;
    if (isAtRest || Date.now() > end) return { isAtRest, findings: findingsOf(lying, expectedDead) };
  }
}

async function look({ databases, broker }: MessagesToWatch): Promise<Lying> {
  const waiting: Record<string, number> = {};
  for (const service of SERVICES) {
    const rows = await outboxOf(databases[service]);
    if (rows > 0) waiting[`outbox of ${service}`] = rows;
  }
  // After the outboxes: what leaves one meanwhile is found here.
  const backlog = await readBacklog(broker);
  return { waiting: { ...waiting, ...backlog.waiting }, dead: { ...backlog.dead } };
}

async function outboxOf(url: string): Promise<number> {
  const snapshot = await Snapshot.open(url);
  try {
    const [row] = await snapshot.rows<{ rows: number }>('select count(*)::int as rows from outbox');
    return row?.rows ?? 0;
  } finally {
    await snapshot.close();
  }
}

function findingsOf({ waiting, dead }: Lying, expectedDead: number): Finding[] {
  const findings: Finding[] = [];
  const found = (lying: Record<string, number>, broken: string, remedy: string) =>
    findings.push({ invariant, broken, remedy, found: sum(lying), atLeast: false, examples: [lying] });
  if (sum(waiting) > 0)
    found(
      waiting,
      'messages that wait in outboxes and queues',
      'Outboxes: the service that writes is down or cannot reach the broker. Queues: the service that they are for is down, slow, or keeps failing at a message; its log says so.',
    );
  if (sum(dead) !== expectedDead)
    found(
      dead,
      expectedDead === 0 ? 'dead letters' : `dead letters, where ${expectedDead} are expected`,
      'Read them with `npm run dead-letters -- list`, mend the cause, then `replay`.',
    );
  return findings;
}

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, count) => all + count, 0);
