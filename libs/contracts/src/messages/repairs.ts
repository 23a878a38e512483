import { z } from 'zod';
import { Id } from '../rest/fields.js';
import { message } from './message.js';
import { orderConfirmed } from './order-confirmed.js';

/** The mail with the tickets is wanted once more. `ticketIds`: those that were not given back. */
export const orderMailRequested = message('order.mail-requested.v1', orderConfirmed.data);

/** Somebody thinks that the order waits in vain: the provider is to be asked for its payments and refunds now. */
export const orderRecheckRequested = message('order.recheck-requested.v1', z.object({ orderId: Id }));
