/** Which tickets of an order can be given back, for how much. Pure. */
export interface RefundableTicket {
  id: string;
  ticketTypeId: string;
  status: 'valid' | 'checked_in' | 'void' | 'frozen' | 'listed';
  /** Minor units that were paid for it. */
  unitPrice: number;
  /** Whether its price is back, or on its way; of one that was used, by an organizer's override. */
  repaid: boolean;
  /** Somebody else than who paid holds it: the organizer gives it back, and nobody else. */
  transferred: boolean;
}

export interface RefundWish {
  /** undefined: all that can be. */
  ticketIds: readonly string[] | undefined;
  by: 'buyer' | 'organizer' | 'event-cancelled';
  /** An organizer gives the price of used tickets back too. */
  override: boolean;
  /** Whether the organizer's deadline for refunds has passed. */
  closed: boolean;
}

type RefundRefusal =
  'refund-closed' | 'nothing-to-refund' | 'ticket-checked-in' | 'ticket-frozen' | 'ticket-transferred';

export type RefundDecision =
  | { granted: true; tickets: RefundableTicket[]; kept: RefundableTicket[]; amount: number; nothingLeft: boolean }
  | { granted: false; code: RefundRefusal }
  | { granted: false; code: 'unknown-ticket'; index: number };

/**
 * A used ticket stays used, unless the event is cancelled: then everything goes back. By an organizer's override its price
 * goes back, once, but not the seat that somebody has sat in: such tickets are `kept`, and something is left of their order.
 * One that was handed on the organizer takes back, not who paid for it, nor who holds it now. A frozen one waits for its dispute; of a cancelled event only its money does. Named tickets are given back all or none; a
 * void one among them has been given back already.
 */
export function decideRefund(tickets: readonly RefundableTicket[], wish: RefundWish): RefundDecision {
  if (wish.by === 'buyer' && wish.closed) return { granted: false, code: 'refund-closed' };
  const wanted: RefundableTicket[] = [];
  if (wish.ticketIds) {
    const byId = new Map(tickets.map((ticket) => [ticket.id, ticket]));
    for (const [index, id] of wish.ticketIds.entries()) {
      const ticket = byId.get(id);
      if (!ticket) return { granted: false, code: 'unknown-ticket', index };
      if (!wanted.includes(ticket)) wanted.push(ticket);
    }
    if (wish.by === 'buyer' && wanted.some(isOfAnother)) return { granted: false, code: 'ticket-transferred' };
    if (!wish.override && wanted.some(isUsed)) return { granted: false, code: 'ticket-checked-in' };
    if (wanted.some((ticket) => ticket.status === 'frozen')) return { granted: false, code: 'ticket-frozen' };
  } else wanted.push(...tickets.filter((ticket) => wish.by !== 'buyer' || !isOfAnother(ticket)));

  const back = wanted.filter(
    (ticket) => isUnused(ticket) || (wish.by === 'event-cancelled' && ticket.status !== 'void'),
  );
  const kept = wish.override ? wanted.filter(isUsed) : [];
  if (back.length === 0 && kept.length === 0) {
    const has = (status: RefundableTicket['status']) => wanted.some((ticket) => ticket.status === status);
    if (has('frozen')) return { granted: false, code: 'ticket-frozen' };
    if (!wish.override && wanted.some((ticket) => isUsed(ticket))) return { granted: false, code: 'ticket-checked-in' };
    const isOthers = wish.by === 'buyer' && tickets.some(isOfAnother);
    return { granted: false, code: isOthers ? 'ticket-transferred' : 'nothing-to-refund' };
  }
  const goingBack = new Set(back);
  return {
    granted: true,
    tickets: back,
    kept,
    amount: [...back, ...kept].reduce((sum, ticket) => sum + owedFor(ticket), 0),
    nothingLeft: tickets.every((ticket) => ticket.status === 'void' || goingBack.has(ticket)),
  };
}

/** One that is up for resale still has its price to return: its unit is back in the stock already. */
const isUnused = ({ status }: RefundableTicket) => status === 'valid' || status === 'listed';

/** One that was used and has been paid back is given back, as a void one is. */
const isUsed = ({ status, repaid }: RefundableTicket) => status === 'checked_in' && !repaid;

/** It still counts, and is not the payer's any more. */
const isOfAnother = ({ transferred, status }: RefundableTicket) => transferred && status !== 'void';

/** Minor units. A frozen ticket's money is for the dispute to decide. */
const owedFor = ({ status, repaid, unitPrice }: RefundableTicket) => (repaid || status === 'frozen' ? 0 : unitPrice);
