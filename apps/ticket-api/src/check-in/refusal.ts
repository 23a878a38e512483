import { ProblemError } from '@app/problem-details';
import type { Refusal } from './check-in.js';

const DETAILS: Readonly<Record<Exclude<Refusal['code'], 'already-checked-in'>, string>> = {
  'invalid-code': 'This is no code of a ticket that you may admit.',
  'scan-id-reused': 'This scanId was used for another ticket.',
  'wrong-event': 'The ticket is for another event.',
  'ticket-void': 'The ticket was given back.',
  'ticket-frozen': 'The payment of this ticket is disputed: ask the organizer.',
  'code-expired': "The code is not of this moment: ask for the present one of the ticket's page.",
};

/** What the gate is told. */
export function refusalOf(refusal: Refusal): ProblemError {
  if (refusal.code !== 'already-checked-in') return new ProblemError(refusal.code, DETAILS[refusal.code]);
  const { checkedInAt, gate } = refusal.first;
  return new ProblemError('already-checked-in', 'The ticket was used before.', {
    checkedInAt: checkedInAt.toISOString(),
    gate,
  });
}

export const invalidCode = () => refusalOf({ code: 'invalid-code' });
