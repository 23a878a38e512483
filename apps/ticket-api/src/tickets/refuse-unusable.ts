import type { Ticket } from '@app/contracts';
import { ProblemError } from '@app/problem-details';

/** A ticket that was given back or is disputed gets no code. @throws 409 `ticket-void`, `ticket-frozen`. */
export function refuseUnusable(status: Ticket['status']): void {
  if (status === 'void') throw new ProblemError('ticket-void', 'The ticket was given back.');
  if (status === 'frozen') throw new ProblemError('ticket-frozen', 'The payment of this ticket is disputed.');
}
