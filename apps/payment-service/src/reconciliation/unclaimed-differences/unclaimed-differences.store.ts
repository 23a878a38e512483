import { Inject, Injectable } from '@nestjs/common';
import type { UnclaimedDifference } from '@app/contracts';
import { Database, type Transaction } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { DIFFERENCE, ON_PAGE } from '../difference-view.js';

/** What differs and belongs to no tenant, in the hands of the platform's administrators. Through the job's door: no tenant's shows it. */
@Injectable()
export class UnclaimedDifferences {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Newest first, before the one of that id. */
  list(before: string | null, status: string | null, limit: number): Promise<UnclaimedDifference[]> {
    return this.database.asJob((transaction) =>
      transaction.query<UnclaimedDifference>(`${UNCLAIMED} and ${ON_PAGE}`, [before, status, limit]),
    );
  }

  /**
   * Closes it for good: no later run opens it again. Saying the same again changes nothing.
   * @param by the administrator's id
   * @throws ProblemError `not-found`, also for one that belongs to an organization; `difference-not-open` when both sides were
   * found equal, or somebody has said something else
   */
  settle(id: string, by: string, note: string): Promise<UnclaimedDifference> {
    return this.database.asJob(async (transaction) => {
      await transaction.execute(SETTLE, [id, by, note]);
      const settled = await this.find(transaction, id);
      if (!settled) throw notFound('The difference');
      const { settlement } = settled;
      if (settlement?.by !== by || settlement.note !== note) throw new ProblemError('difference-not-open');
      return settled;
    });
  }

  private async find(transaction: Transaction, id: string): Promise<UnclaimedDifference | undefined> {
    const [found] = await transaction.query<UnclaimedDifference>(`${UNCLAIMED} and id = $1`, [id]);
    return found;
  }
}

const UNCLAIMED = `
  select ${DIFFERENCE}, case when settled_by is not null then json_build_object('by', settled_by, 'note', note) end as settlement
  from reconciliation_differences where tenant_id is null`;

const SETTLE = `
  update reconciliation_differences set repaired_at = now(), repair = 'by-a-person', settled_by = $2, note = $3
  where id = $1 and tenant_id is null and repaired_at is null`;
