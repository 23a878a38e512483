import { z } from 'zod';
import { Id } from '../rest/fields.js';
import { Buyer, EventFacts, message } from './message.js';

const offer = { transferId: Id, ticketId: Id, event: EventFacts, from: Buyer };

/** The holder offers a ticket to an e-mail, which may have no account yet. */
export const ticketTransferOffered = message(
  'ticket.transfer-offered.v1',
  z.object({ ...offer, email: z.string(), expiresAt: z.string() }),
);

/** The ticket has another holder; every code that it had is dead. */
export const ticketTransferred = message('ticket.transferred.v1', z.object({ ...offer, to: Buyer }));

/** The offer came to nothing. `email` is null when its person was erased. */
export const ticketTransferEnded = message(
  'ticket.transfer-ended.v1',
  z.object({
    ...offer,
    email: z.string().nullable(),
    status: z.enum(['declined', 'withdrawn', 'expired']),
    /** As in the transfer's `reason`. */
    reason: z.string(),
  }),
);

/** A ticket that was handed on was given back by somebody else than its holder. `reason` as an order's end has it, but for `event-cancelled`, which all holders are told by `event.cancelled`. */
export const ticketTakenBack = message(
  'ticket.taken-back.v1',
  z.object({ ticketId: Id, event: EventFacts, holder: Buyer, reason: z.string() }),
);
