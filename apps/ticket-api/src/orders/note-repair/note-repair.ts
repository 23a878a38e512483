import { Injectable } from '@nestjs/common';
import type { Identity } from '@app/auth';
import type { Role, TimelineStep } from '@app/contracts';
import { ProblemError } from '@app/problem-details';
import { OrderStepStore, type Repair } from '../order-step.store.js';

/** Of one order. A buyer's mailbox is not to be filled, and the provider not to be asked in a loop. */
const AN_HOUR: Readonly<Record<Repair, number>> = { 'mail-requested': 3, 'recheck-requested': 10 };

/** Who asks for a repair, and as what. */
export interface Repairer {
  userId: string;
  name: string;
  role: Role | null;
}

export const repairer = ({ userId, name }: Identity, { role }: { role: Role | null }): Repairer => ({
  userId,
  name,
  role,
});

/** Every repair stands in the order's timeline with who asked for it. The order is locked. */
@Injectable()
export class NoteRepair {
  constructor(private readonly steps: OrderStepStore) {}

  /** @throws ProblemError `too-many-requests` with `retryAfter` seconds. */
  async note(orderId: string, step: Repair, { userId, name, role }: Repairer): Promise<TimelineStep> {
    const { count, secondsToOldest: retryAfter } = await this.steps.recentRepairs(orderId, step);
    if (count >= AN_HOUR[step])
      throw new ProblemError('too-many-requests', `This was asked for ${count} times within an hour.`, { retryAfter });
    const detail = { by: { id: userId, name, role } };
    const at = await this.steps.repair(orderId, step, detail);
    return { at: at.toISOString(), step, service: 'ticket-api', detail };
  }
}
