import { z } from 'zod';
import { Id } from '../rest/fields.js';

/** `POST /internal/tickets/:ticketTypeId/reserve`: a hold for the person that another service names. */
export const ReserveForBuyer = z.strictObject({ userId: Id, quantity: z.int().min(1).max(10_000).default(1) });
export type ReserveForBuyer = z.infer<typeof ReserveForBuyer>;
