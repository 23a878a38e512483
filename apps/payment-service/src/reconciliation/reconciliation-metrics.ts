import { Inject, Injectable } from '@nestjs/common';
import { Metrics } from '@app/observability';
import { Database, type Transaction } from '@app/persistence';
import { DifferenceStore } from './difference.store.js';
import { RunStore } from './run.store.js';

/** What an operator watches: an open difference needs a person, and a comparison that was not made shows none. */
@Injectable()
export class ReconciliationMetrics {
  constructor(
    @Inject(Metrics) metrics: Metrics,
    @Inject(Database) database: Database,
    @Inject(DifferenceStore) differences: DifferenceStore,
    @Inject(RunStore) runs: RunStore,
  ) {
    // A scrape shows the rest of the metrics also while the database is away.
    const read = (work: (transaction: Transaction) => Promise<number>) => () => database.asJob(work).catch(() => NaN);
    metrics.gauge(
      'reconciliation_open_differences',
      'Differences between the books and the provider that a person has to look at',
      read((transaction) => differences.countOpen(transaction)),
    );
    for (const kind of ['pending', 'ledger'] as const)
      metrics.gauge(
        `reconciliation_${kind}_last_run_timestamp_seconds`,
        'When the provider was last asked, Unix time; 0: never',
        read((transaction) => runs.lastDone(transaction, kind)),
      );
  }
}
