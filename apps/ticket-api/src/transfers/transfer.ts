import type { Transfer, TransferStatus } from '@app/contracts';

/**
 * When a ticket may be offered and taken. Pure: what is stored in, a decision out. The statement that hands a ticket over judges once
 * more, because it may be used, given back or frozen at the same moment.
 */
export interface OfferedTicket {
  status: 'valid' | 'checked_in' | 'void' | 'frozen';
  holderId: string;
  holderVersion: number;
}

/** Of an event, by the database's clock. */
export interface HandingOn {
  /** Cancelled, over, or hidden because its organization is suspended; a draft, too. */
  isClosed: boolean;
  /** The organizer's word. */
  isAllowed: boolean;
}

/** Offers of one ticket within a day: each is a mail to somebody who may not want it. */
export const MOST_OFFERS = 5;

export interface Offer {
  ticket: OfferedTicket;
  event: HandingOn;
  by: { userId: string; email: string };
  /** In lower case. */
  to: string;
  isPending: boolean;
  /** Within a day, whatever became of them. */
  offersBefore: number;
}

export type OfferRefusal =
  | 'not-found'
  | 'ticket-void'
  | 'ticket-checked-in'
  | 'ticket-frozen'
  | 'transfers-closed'
  | 'to-oneself'
  | 'transfer-pending'
  | 'limit-exceeded';

/** Why the ticket may not be offered, if anything speaks against it. */
export function refuseOffer({ ticket, event, by, to, isPending, offersBefore }: Offer): OfferRefusal | undefined {
  // It was handed on between the look at the path and the lock.
  if (ticket.holderId !== by.userId) return 'not-found';
  if (ticket.status === 'void') return 'ticket-void';
  if (ticket.status === 'checked_in') return 'ticket-checked-in';
  if (ticket.status === 'frozen') return 'ticket-frozen';
  if (event.isClosed || !event.isAllowed) return 'transfers-closed';
  if (to === by.email) return 'to-oneself';
  if (isPending) return 'transfer-pending';
  return offersBefore >= MOST_OFFERS ? 'limit-exceeded' : undefined;
}

/** A transfer with the names of both sides; one whose time is over is `expired`, whether the timer has seen it or not. */
export interface StoredTransfer {
  id: string;
  ticketId: string;
  eventId: string;
  holderVersion: number;
  from: { id: string; name: string };
  /** Null when its person was erased. */
  email: string | null;
  to: { id: string; name: string } | null;
  status: TransferStatus;
  reason: string | null;
  expiresAt: Date;
  createdAt: Date;
  endedAt: Date | null;
}

/** Who answers an offer. The e-mail is that of the account, in lower case. */
export interface Person {
  userId: string;
  email: string;
  isVerified: boolean;
}

/** `unproven`: it may be theirs, for it is for the e-mail that they say is theirs. */
export type Part = 'giver' | 'addressee' | 'unproven' | 'none';

export function partOf({ from, to, email }: StoredTransfer, { userId, email: own, isVerified }: Person): Part {
  if (from.id === userId) return 'giver';
  if (to?.id === userId) return 'addressee';
  if (email !== own) return 'none';
  return isVerified ? 'addressee' : 'unproven';
}

/** How much of a transfer is shown: all of it, all but the address, or that it was. */
export type Sight = 'all' | 'masked' | 'bare';

/** `zoe@example.com` → `z***@example.com`: enough to see a mistyped domain. */
const masked = (email: string | null) => email?.replace(/^(.).*(?=@)/u, '$1***') ?? null;

/** A transfer as clients see it. */
export function toTransfer(stored: StoredTransfer, sight: Sight = 'all'): Transfer {
  const { id, ticketId, eventId, status, reason, expiresAt, createdAt, endedAt } = stored;
  return {
    ...{ id, ticketId, eventId },
    email: sight === 'all' ? stored.email : sight === 'masked' ? masked(stored.email) : null,
    from: sight === 'bare' ? null : stored.from,
    to: sight === 'bare' ? null : stored.to,
    status,
    ...(reason !== null && { reason }),
    expiresAt: expiresAt.toISOString(),
    createdAt: createdAt.toISOString(),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
  };
}
