import { ProblemError } from '@app/problem-details';
import type { Refusal } from './check-in.js';

const DETAILS: Readonly<Record<Exclude<Refusal['code'], 'already-checked-in' | 'wrong-gate'>, string>> = {
  'invalid-code': 'This is no code of a ticket that you may admit.',
  'scan-id-reused': 'This scanId was used for another ticket, or for something else.',
  'wrong-event': 'The ticket is for another event.',
  'ticket-void': 'The ticket was given back.',
  'ticket-frozen': 'The payment of this ticket is disputed: ask the organizer.',
  'code-expired': "The code is not of this moment: ask for the present one of the ticket's page.",
  'ticket-listed': 'The ticket was given back for resale.',
  'admission-undone': 'The admission by this scan was taken back: scan again if the holder may enter.',
  'reentry-not-allowed': 'The event does not allow re-entry.',
  'not-inside': 'The holder has not entered, or has left already.',
};

/** What the gate is told. */
export function refusalOf(refusal: Refusal): ProblemError {
  switch (refusal.code) {
    case 'already-checked-in': {
      const { checkedInAt, gate } = refusal.first;
      return new ProblemError('already-checked-in', 'The ticket was used before.', {
        checkedInAt: checkedInAt.toISOString(),
        gate,
      });
    }
    case 'wrong-gate': {
      const { reason, gates } = refusal;
      const detail = reason === 'unknown' ? 'The event has no gate of this name.' : 'Another gate admits this ticket.';
      return new ProblemError('wrong-gate', detail, { gates });
    }
    case 'admission-undone':
      return new ProblemError(refusal.code, DETAILS[refusal.code], { undoneAt: refusal.undoneAt.toISOString() });
    default:
      return new ProblemError(refusal.code, DETAILS[refusal.code]);
  }
}

export const invalidCode = () => refusalOf({ code: 'invalid-code' });
