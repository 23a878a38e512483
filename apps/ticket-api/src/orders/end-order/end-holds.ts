import { Injectable, Logger } from '@nestjs/common';
import type { EndReason } from '@app/contracts';
import { inHalves, type Outcome } from '@app/grouping';
import { Database } from '@app/persistence';
import type { OrderRow } from '../order-row.js';
import { OrderStore } from '../order.store.js';
import { EndOrder } from './end-order.js';

/** A hold that a job has found. */
export interface DueHold {
  id: string;
  tenant_id: string;
}

export interface Ending {
  status: 'expired' | 'cancelled';
  reason: EndReason;
  /** Judges a hold once more when it is locked. */
  isDue(order: OrderRow): boolean;
}

/** Ends holds of many tenants, those of a tenant together. Every replica may do it: orders are locked and judged again. */
@Injectable()
export class EndHolds {
  private readonly log = new Logger(EndHolds.name);

  constructor(
    private readonly database: Database,
    private readonly orders: OrderStore,
    private readonly ending: EndOrder,
  ) {}

  /** One that cannot be ended does not keep the others waiting. @returns how many were looked after */
  async end(due: readonly DueHold[], ending: Ending): Promise<number> {
    const tenants = new Map<string, string[]>();
    for (const { id, tenant_id: tenantId } of due) tenants.set(tenantId, [...(tenants.get(tenantId) ?? []), id]);
    let ended = 0;
    for (const [tenantId, ids] of tenants) {
      const outcomes = await inHalves(ids, (some) => this.database.asTenant(tenantId, () => this.endAll(some, ending)));
      for (const [index, outcome] of outcomes.entries()) {
        if ('value' in outcome) ended += 1;
        else
          this.log.error(
            `The hold of order ${ids[index]} could not be ended; the next look tries again`,
            outcome.error,
          );
      }
    }
    return ended;
  }

  private async endAll(ids: readonly string[], { status, reason, isDue }: Ending): Promise<Outcome<void>[]> {
    const holds = (await this.orders.lockAll(ids)).filter((order) => order.status === 'pending' && isDue(order));
    await this.ending.letGoAll(
      holds.map((order) => ({ order, reason })),
      status,
    );
    return ids.map(() => ({ value: undefined }));
  }
}
