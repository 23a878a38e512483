import { Injectable } from '@nestjs/common';
import { principalId, type Principal } from '@app/auth';
import type { Role, TimelineStep } from '@app/contracts';
import { ProblemError } from '@app/problem-details';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { OrderStepStore, type Repair } from '../order-step.store.js';

/** Of one order. A buyer's mailbox is not to be filled, and the provider not to be asked in a loop. */
const AN_HOUR: Readonly<Record<Repair, number>> = { 'mail-requested': 3, 'recheck-requested': 10 };

/** Who asks for a repair, and as what. */
export interface Repairer {
  /** Of the person, or of the organization's key. */
  userId: string;
  name: string;
  role: Role | null;
}

export const repairer = (who: Principal, { role }: { role: Role | null }): Repairer => ({
  userId: principalId(who),
  name: who.name,
  role,
});

/** Every repair stands in the order's timeline with who asked for it. The order is locked. */
@Injectable()
export class NoteRepair {
  constructor(
    private readonly steps: OrderStepStore,
    private readonly audit: AuditLog,
  ) {}

  /** @throws ProblemError `too-many-requests` with `retryAfter` seconds. */
  async note(orderId: string, step: Repair, { userId, name, role }: Repairer): Promise<TimelineStep> {
    const { count, secondsToOldest: retryAfter } = await this.steps.recentRepairs(orderId, step);
    if (count >= AN_HOUR[step])
      throw new ProblemError('too-many-requests', `This was asked for ${count} times within an hour.`, { retryAfter });
    const detail = { by: { id: userId, name, role } };
    const at = await this.steps.repair(orderId, step, detail);
    await this.audit.record({ action: `order.${step}`, target: { kind: 'order', id: orderId } });
    return { at: at.toISOString(), step, service: 'ticket-api', detail };
  }
}
