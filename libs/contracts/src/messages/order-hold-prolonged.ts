import { z } from 'zod';
import { Id } from '../rest/fields.js';
import { message } from './message.js';

/** Seconds. No hold is prolonged by more; checkout sessions outlive their hold by at least as long. */
export const LONGEST_PROLONGATION = 3_600;

/** The payment provider was away, so this hold ends later than it was told, at `expiresAt`. Once per order. */
export const orderHoldProlonged = message('order.hold-prolonged.v1', z.object({ orderId: Id, expiresAt: z.string() }));
