import type { Ticket } from '@app/contracts';
import { ProblemError } from '@app/problem-details';

/**
 * A ticket that was given back or is disputed gets no code and no paper. One of a cancelled event is void as soon as its
 * order was ended, which takes minutes for large ones: it is answered so from the first moment on. An event that is over
 * changes nothing: who comes late is the gate's to judge.
 * @throws 409 `ticket-void`, `ticket-frozen`, `ticket-listed`.
 */
export function refuseUnusable(status: Ticket['status'], eventStatus: string): void {
  if (status === 'void') throw new ProblemError('ticket-void', 'The ticket was given back.');
  if (status === 'frozen') throw new ProblemError('ticket-frozen', 'The payment of this ticket is disputed.');
  if (status === 'listed') throw new ProblemError('ticket-listed');
  if (eventStatus === 'cancelled') throw new ProblemError('ticket-void', 'The event was cancelled.');
}
