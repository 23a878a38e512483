/** Which tickets of an order can be given back, for how much. Pure. */
export interface RefundableTicket {
  id: string;
  ticketTypeId: string;
  status: 'valid' | 'checked_in' | 'void' | 'frozen';
  /** Minor units that were paid for it. */
  unitPrice: number;
}

export interface RefundWish {
  /** undefined: all that can be. */
  ticketIds: readonly string[] | undefined;
  by: 'buyer' | 'organizer' | 'event-cancelled';
  /** Whether the organizer's deadline for refunds has passed. */
  closed: boolean;
}

export type RefundDecision =
  | { granted: true; tickets: RefundableTicket[]; amount: number; nothingLeft: boolean }
  | { granted: false; code: 'refund-closed' | 'nothing-to-refund' | 'ticket-checked-in' | 'ticket-frozen' }
  | { granted: false; code: 'unknown-ticket'; index: number };

/**
 * A used ticket stays used, unless the event is cancelled: then everything goes back. A frozen one waits for its
 * dispute. Named tickets are given back all or none; a void one among them has been given back already.
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
    if (wanted.some((ticket) => ticket.status === 'checked_in')) return { granted: false, code: 'ticket-checked-in' };
    if (wanted.some((ticket) => ticket.status === 'frozen')) return { granted: false, code: 'ticket-frozen' };
  } else wanted.push(...tickets);

  const back = wanted.filter(
    (ticket) => ticket.status === 'valid' || (wish.by === 'event-cancelled' && ticket.status === 'checked_in'),
  );
  if (back.length === 0) {
    const used = !wish.ticketIds && tickets.some((ticket) => ticket.status === 'checked_in');
    return { granted: false, code: used ? 'ticket-checked-in' : 'nothing-to-refund' };
  }
  const goingBack = new Set(back);
  return {
    granted: true,
    tickets: back,
    amount: back.reduce((sum, ticket) => sum + ticket.unitPrice, 0),
    nothingLeft: tickets.every((ticket) => ticket.status === 'void' || goingBack.has(ticket)),
  };
}
