import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database, OneAtATime } from '@app/persistence';
import { CONFIG, type Config } from '../../config.js';
import { ProviderRefused, StripeGateway, type Movement } from '../../stripe/stripe.module.js';
import { DifferenceStore } from '../difference.store.js';
import { RunStore, type LedgerRun, type Unmet } from '../run.store.js';
import { CompareMovements } from './compare-movements.js';

/** A person may have asked for a run, and waits for it. */
const EVERY = 10_000;
/** What is asked for one by one, at once. */
const AT_ONCE = 10;

interface Page {
  /** Where the step goes on; null at its end. */
  next: string | null;
  lookedAt: number;
}

/**
 * Compares the books with the provider's ledger, day after day, to the cent. A pass is one page of the run: it is claimed
 * and saved, so that a run that broke off goes on where it was, at whichever replica comes first.
 */
@Injectable()
export class ReconcileLedger implements BeforeApplicationShutdown {
  private readonly log = new Logger(ReconcileLedger.name);
  private readonly work = new OneAtATime(() => this.pass(), this.log);
  private readonly days: number;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(StripeGateway) private readonly stripe: StripeGateway,
    @Inject(CompareMovements) private readonly movements: CompareMovements,
    @Inject(DifferenceStore) private readonly differences: DifferenceStore,
    @Inject(RunStore) private readonly runs: RunStore,
    @Inject(CONFIG) { reconciliation }: Config,
  ) {
    this.days = reconciliation.ledgerDays;
  }

  @Interval(EVERY)
  wake(): void {
    this.work.wake();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.work.stop();
  }

  private async pass(): Promise<boolean> {
    const run = await this.database.asJob(async (transaction) => {
      await this.runs.begin(transaction, this.days);
      return this.runs.claim(transaction);
    });
    if (!run) return false;
    const page = await this.page(run);
    const isOver = run.step === 'open' && page.next === null;
    await this.database.asJob(async (transaction) => {
      if (!(await this.runs.save(transaction, run, page)) || !isOver) return;
      const untold = await this.differences.takeUntold(transaction);
      transaction.afterCommit(() => this.tell({ ...run, lookedAt: run.lookedAt + page.lookedAt }, untold));
    });
    return true;
  }

  private page(run: LedgerRun): Promise<Page> {
    if (run.step === 'booked') return this.compareUnmet(run);
    if (run.step === 'open') return this.lookAgain(run);
    return this.compareMovements(run, run.step);
  }

  private async compareMovements(
    { window, cursor }: LedgerRun,
    type: Parameters<StripeGateway['listMovements']>[0],
  ): Promise<Page> {
    const { movements, next } = await this.stripe.listMovements(type, window, cursor);
    await this.movements.compare(movements);
    return { next, lookedAt: movements.length };
  }

  /** Booked here, and not met at the provider: the two clocks may have put it into different windows. */
  private async compareUnmet(run: LedgerRun): Promise<Page> {
    const unmet = await this.database.asJob((transaction) => this.runs.unmet(transaction, run, AT_ONCE));
    await Promise.all(unmet.map((one) => this.find(one)));
    return { next: nextOf(unmet, 'transferId'), lookedAt: unmet.length };
  }

  private async find(unmet: Unmet): Promise<void> {
    const { about, providerId, refundId, paymentId, amount, currency } = unmet;
    const movement = providerId && (await this.ask(about, providerId));
    if (movement) return this.movements.compare([movement]);
    const difference = { kind: 'not-at-provider', about, subject: providerId ?? refundId ?? paymentId } as const;
    const sides = { provided: null, bookedAmount: { amount, currency }, owner: unmet };
    await this.database.asJob((transaction) => this.differences.noteOpen(transaction, { ...difference, ...sides }));
  }

  /** What was open before may be the same by now. */
  private async lookAgain({ cursor }: LedgerRun): Promise<Page> {
    const open = await this.database.asJob((transaction) => this.differences.open(transaction, cursor, AT_ONCE));
    const answers = await Promise.all(open.map(({ about, subject }) => this.ask(about, subject)));
    await this.movements.compare(answers.filter((movement) => movement !== null));
    return { next: nextOf(open, 'id'), lookedAt: open.length };
  }

  /** Null for what the provider does not know. */
  private async ask(about: Movement['about'], id: string): Promise<Movement | null> {
    if (about === 'movement') return null;
    try {
      if (about === 'payment') return await this.stripe.findPaidIntent(id);
      if (about === 'dispute') return { about, dispute: await this.stripe.findDispute(id) };
      return { about, refund: await this.stripe.findRefund(id) };
    } catch (error) {
      if (error instanceof ProviderRefused) return null;
      throw error;
    }
  }

  private tell({ window, lookedAt }: LedgerRun, untold: readonly object[]): void {
    for (const difference of untold)
      this.log.error('The books differ from the provider; a person has to look at it', difference);
    this.log.log('The books were compared with the provider', { ...window, lookedAt, newDifferences: untold.length });
  }
}

const nextOf = <Key extends string>(rows: readonly Record<Key, string>[], key: Key): string | null =>
  rows.length === AT_ONCE ? (rows.at(-1)?.[key] ?? null) : null;
