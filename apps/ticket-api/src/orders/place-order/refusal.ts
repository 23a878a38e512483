import { ProblemError } from '@app/problem-details';
import type { Allocation } from '../allocation.js';
import type { SaleType } from './sale.store.js';

/** What a buyer is told when an order is not taken, and what to do about it. */
export function refusal(
  outcome: Allocation | undefined,
  stock: { types: readonly SaleType[]; isCancelled?: boolean; isSuspended?: boolean },
): Error {
  if (!outcome || outcome.accepted) return new Error('Only a refused request has a refusal.');
  switch (outcome.code) {
    case 'unknown-ticket-type':
      return new ProblemError('validation-failed', 'A line names a ticket type that this event does not have.', {
        errors: [{ path: `items.${outcome.line}.ticketTypeId`, message: 'is no ticket type of this event' }],
      });
    case 'sales-closed':
      return new ProblemError('sales-closed', whyClosed(stock, outcome.ticketTypeId), {
        ticketTypeId: outcome.ticketTypeId,
      });
    case 'limit-exceeded':
      return new ProblemError('limit-exceeded', LIMITS[outcome.limit](outcome.allowed), {
        limit: outcome.limit,
        allowed: outcome.allowed,
      });
    case 'sold-out':
      return new ProblemError('sold-out', 'Fewer tickets are left than you asked for.', {
        available: outcome.available,
      });
  }
}

function whyClosed({ types, isCancelled, isSuspended }: Parameters<typeof refusal>[1], ticketTypeId: string): string {
  if (isCancelled) return 'The event is cancelled: no more tickets are sold for it.';
  if (isSuspended) return 'The organizer sells no tickets at the moment.';
  const name = types.find((type) => type.ticketTypeId === ticketTypeId)?.name ?? 'This ticket';
  return `“${name}” is not on sale now.`;
}

const LIMITS = {
  maxPerOrder: (allowed: number) => `One order may have at most ${allowed} of these tickets.`,
  maxPerBuyer: (allowed: number) => `One buyer may have at most ${allowed} of these tickets.`,
  maxHoldsPerBuyer: (allowed: number) =>
    `You hold ${allowed} unpaid orders for this event: pay for one or cancel it first.`,
};

/** Minor units that one payment may move: eight digits in every currency (Stripe, "Minimum and maximum charge amounts"). */
export const MAX_TOTAL = 99_999_999;

export const totalTooHigh = () =>
  new ProblemError('limit-exceeded', 'One payment cannot move so much money: split the order.', {
    limit: 'maxTotal',
    allowed: MAX_TOTAL,
  });
