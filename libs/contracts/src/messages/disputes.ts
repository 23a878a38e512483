import { z } from 'zod';
import { Id, Money } from '../rest/fields.js';
import { message } from './message.js';

const Dispute = z.object({ disputeId: Id, orderId: Id, paymentId: Id });

/** The payer wants the money back through the bank; the provider has taken it or will. `reason`: the bank's word for why. */
export const paymentDisputed = message('payment.disputed.v1', Dispute.extend({ amount: Money, reason: z.string() }));

/** The bank has decided. `won`: the money is the organizer's again; `lost`: it stays with the payer. */
export const paymentDisputeClosed = message(
  'payment.dispute-closed.v1',
  Dispute.extend({ outcome: z.enum(['won', 'lost']) }),
);
