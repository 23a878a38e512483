import { setTimeout as sleep } from 'node:timers/promises';
import { admissions } from './admissions/admissions.js';
import { answers } from './answers/answers.js';
import { books } from './books/books.js';
import { holders } from './holders/holders.js';
import { holds } from './holds/holds.js';
import {
  AT_REST,
  INVARIANTS,
  NotChecked,
  SERVICES,
  type Comparison,
  type InvariantId,
  type Rule,
} from './invariant.js';
import { brokenRule } from './look/broken-rule.js';
import { Snapshots, type Databases } from './look/snapshots.js';
import { compare, type OpenSnapshot, type Suspicion } from './look/suspicion.js';
import { mails } from './mails/mails.js';
import { waitForRest, type MessagesToWatch } from './messages/messages.js';
import { orderHistory } from './order-history/order-history.js';
import { ordersAndTickets, owed, paid, refunded } from './orders-and-tickets/orders-and-tickets.js';
import type { Provider } from './provider/movements.js';
import { compareWithProvider } from './provider/provider.js';
import { Report } from './report.js';
import { resale } from './resale/resale.js';
import { stock } from './stock/stock.js';
import { tenancyOf } from './tenancy/tenancy.js';
import { unpaidTickets } from './unpaid-tickets/unpaid-tickets.js';

/** Where the platform is. What is not named cannot be checked. */
export interface Sources {
  /** Logins that row-level security does not bind: a superuser's, or one with BYPASSRLS. */
  databases: Databases;
  /** `at-rest`: the caller has it in hand and knows that every message has had its effect. */
  broker?: MessagesToWatch['broker'] | 'at-rest';
  provider?: Provider;
}

export interface AuditOptions {
  /** Waits for every message to have its effect, then asks what holds at rest, too. */
  atRest: boolean;
  /** Seconds to wait for that at most. */
  waitSeconds: number;
  /** Seconds in which what two services do not agree on may still arrive. */
  patienceSeconds: number;
  /** Offenders that are shown of each kind. */
  examples: number;
  /** Dead letters that are meant to be there. */
  expectedDeadLetters: number;
  /** Movements of money at the provider are compared so far back. */
  providerHours: number;
  /** All that the mode asks for, unless given. */
  only?: readonly InvariantId[];
}

const RULES: readonly Rule[] = [
  ...stock,
  ...ordersAndTickets,
  ...books,
  ...unpaidTickets,
  ...admissions,
  ...answers,
  ...holds,
  ...orderHistory,
  ...resale,
  ...holders,
];
const COMPARISONS: readonly Comparison[] = [owed, paid, refunded, ...mails];

/**
 * Asks a running platform whether its invariants hold; changes nothing and takes no lock that a sale waits for.
 * Never throws for what cannot be reached: the report says what was not checked.
 */
export async function audit(sources: Sources, options: AuditOptions): Promise<Report> {
  const ids = (Object.keys(INVARIANTS) as InvariantId[]).filter(
    (id) => (options.only ?? [id]).includes(id) && (options.atRest || !AT_REST.includes(id)),
  );
  const report = new Report(ids);
  const isAtRest = options.atRest && (await report.judge(['I6'], () => rest(sources, options, report)));
  const wanted = COMPARISONS.filter((comparison) => ids.some((id) => invariantsOf(comparison).includes(id)));
  const suspicions: Doubt[] = [];

  const look = async (open: OpenSnapshot) => {
    for (const rule of RULES.filter(({ invariant }) => ids.includes(invariant)))
      await report.judge([rule.invariant], async () => {
        const finding = await brokenRule(rule, await open(rule.database), options.examples);
        if (finding) report.add([finding]);
      });
    if (ids.includes('I8'))
      for (const service of SERVICES)
        await report.judge(['I8'], async () => report.add(await tenancyOf(service, await open(service))));
    for (const comparison of wanted)
      await report.judge(invariantsOf(comparison), async () => {
        if (invariantsOf(comparison).includes('I10') && !isAtRest)
          throw new NotChecked('messages are still on their way');
        suspicions.push({ invariants: invariantsOf(comparison), suspicion: await compare(comparison, open) });
      });
    if (ids.includes('I3'))
      await report.judge(['I3'], async () => {
        if (!sources.provider) throw new NotChecked('no provider is named to compare the ledger with');
        suspicions.push({
          invariants: ['I3'],
          suspicion: await compareWithProvider(sources.provider, options.providerHours, open),
        });
      });
  };
  await Snapshots.during(sources.databases, look);
  await lookAgain(suspicions, sources.databases, options.patienceSeconds);
  for (const { invariants, suspicion, unseen } of suspicions)
    await report.judge(invariants, async () => {
      if (unseen) throw unseen;
      report.add(suspicion.findings(options.examples));
    });
  return report;
}

interface Doubt {
  invariants: readonly InvariantId[];
  suspicion: Suspicion;
  /** Why the last look could not tell whether it is cleared: then nobody knows. */
  unseen?: Error | undefined;
}

const invariantsOf = ({ leftOnly, rightOnly }: Comparison): InvariantId[] => [
  ...new Set([leftOnly, rightOnly].flatMap((difference) => (difference ? [difference.invariant] : []))),
];

async function rest({ databases, broker }: Sources, options: AuditOptions, report: Report): Promise<boolean> {
  if (broker === 'at-rest') return true;
  const all = SERVICES.map((service) => databases[service]);
  if (!broker || all.includes(undefined)) throw new NotChecked('not every database, or no broker, is named');
  const { isAtRest, findings } = await waitForRest(
    { databases: databases as MessagesToWatch['databases'], broker },
    { limit: options.waitSeconds, expectedDead: options.expectedDeadLetters },
  );
  report.add(findings);
  return isAtRest;
}

/**
 * After 1, 2, 4, … seconds, while anything still looks broken: each look sees a new moment of the databases. A database
 * that is away for a moment is looked at again, too.
 */
async function lookAgain(doubts: readonly Doubt[], databases: Databases, patience: number) {
  const end = Date.now() + patience * 1000;
  let open = doubts.filter(({ suspicion }) => suspicion.findings(1).length > 0);
  for (let pause = 1000; open.length > 0 && Date.now() < end; pause *= 2) {
    await sleep(Math.min(pause, Math.max(0, end - Date.now())));
    await Snapshots.during(databases, async (snapshotOf) => {
      const left: Doubt[] = [];
      for (const doubt of open) {
        doubt.unseen = undefined;
        const isCleared = await doubt.suspicion.isCleared(snapshotOf).catch((error: Error) => {
          doubt.unseen = error;
          return false;
        });
        if (!isCleared) left.push(doubt);
      }
      open = left;
    });
  }
}
