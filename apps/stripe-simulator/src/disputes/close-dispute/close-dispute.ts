import { Inject, Injectable } from '@nestjs/common';
import type { Transaction } from '@app/persistence';
import { z } from 'zod';
import { AdminRoutes } from '../../admin/admin-routes.js';
import { Refusal } from '../../admin/refusal.js';
import { AccountDatabase } from '../../database/account-database.js';
import { updateRow } from '../../database/rows.js';
import { EventLog } from '../../webhooks/webhooks.module.js';
import type { DisputeRow } from '../dispute.js';
import { findDispute, reinstateFunds, showDispute } from '../dispute.store.js';

const Verdict = z.strictObject({ outcome: z.enum(['lost', 'won']) });
type Verdict = z.infer<typeof Verdict>;

/** The bank decides: the shop has won and gets its money back, or has lost it. */
@Injectable()
export class CloseDispute {
  constructor(
    @Inject(AdminRoutes) routes: AdminRoutes,
    @Inject(AccountDatabase) private readonly database: AccountDatabase,
    @Inject(EventLog) private readonly events: EventLog,
  ) {
    routes.add('POST', '/disputes/:id/close', Verdict, ({ outcome }, id) =>
      this.database.transaction((transaction) => this.close(transaction, id, outcome)),
    );
  }

  /** @throws StripeError 404, or Refusal 409 for one that is closed */
  private async close(transaction: Transaction, id: string, status: Verdict['outcome']): Promise<object> {
    const open = await findDispute(transaction, id, { forUpdate: true });
    if (open.status !== 'needs_response') throw new Refusal(409, `The dispute ${id} was ${open.status}: it is closed.`);
    const dispute = await updateRow<DisputeRow>(transaction, 'dispute', id, { status });
    if (status === 'won') await reinstateFunds(transaction, dispute);
    const closed = await showDispute(transaction, dispute);
    await this.events.record(transaction, 'charge.dispute.closed', closed);
    if (status === 'won') await this.events.record(transaction, 'charge.dispute.funds_reinstated', closed);
    return closed;
  }
}
