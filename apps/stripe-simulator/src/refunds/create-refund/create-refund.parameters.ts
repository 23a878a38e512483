import { z } from 'zod';
import { Expand, hash, integer, Metadata, text } from '../../api/parameters.js';

/** https://docs.stripe.com/api/refunds/create, as far as the platform uses it. */
export const CreateRefund = hash({
  payment_intent: text(200),
  amount: integer(1).optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata: Metadata.default({}),
  expand: Expand,
});
export type CreateRefund = z.infer<typeof CreateRefund>;
