import type { TicketCode } from '@app/ticket-codes';
import type { Intrusion, KnownTicket, ToldScan } from './scan-facts.js';

/**
 * Whether the scan could let anybody in at all, by what is known when it is told; undefined: it could. A gate without
 * network may not have known better: the person is inside, and the organizer is told.
 */
export function judgeIntrusion(
  { code }: Pick<ToldScan, 'code'>,
  ticket: KnownTicket | undefined,
  { generations, isRevoked }: { generations: { oldest: number; current: number }; isRevoked: boolean },
): Intrusion | undefined {
  if (code === 'another-event') return 'wrong-event';
  if (!code || !ticket || !isOfKey(code, generations) || code.holderVersion > ticket.holderVersion)
    return 'invalid-code';
  if (isRevoked) return 'device-revoked';
  if (ticket.status === 'void') return 'ticket-void';
  if (ticket.status === 'listed') return 'ticket-listed';
  if (code.holderVersion < ticket.holderVersion) return 'ticket-transferred';
  return ticket.status === 'frozen' ? 'ticket-frozen' : undefined;
}

const isOfKey = ({ generation }: TicketCode, { oldest, current }: { oldest: number; current: number }) =>
  generation >= oldest && generation <= current;
