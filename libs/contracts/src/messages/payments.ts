import { z } from 'zod';
import { Id, Money } from '../rest/fields.js';
import { message } from './message.js';

const Payment = z.object({ orderId: Id, paymentId: Id });

/** A checkout session exists: the hold gets its short grace at the end. */
export const paymentOpened = message('payment.opened.v1', Payment);
/** A buyer could not open the checkout because the provider is away: the hold is prolonged. Once per order. */
export const paymentUnavailable = message('payment.unavailable.v1', z.object({ orderId: Id }));
/** Money is there (`payment_status: paid`), `amount` as the provider says it. */
export const paymentSucceeded = message('payment.succeeded.v1', Payment.extend({ amount: Money }));
/** Final: no further try with this session. A refused card is not one. */
export const paymentFailed = message('payment.failed.v1', Payment);
/** The session ended unpaid. */
export const paymentExpired = message('payment.expired.v1', Payment);
