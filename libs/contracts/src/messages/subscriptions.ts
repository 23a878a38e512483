import { emailVerificationRequested, memberInvited } from './accounts.js';
import type { MessageContract } from './message.js';
import { orderConfirmed } from './order-confirmed.js';
import { orderCancelled, orderExpired } from './order-ended.js';
import { orderReserved } from './order-reserved.js';
import { paymentExpired, paymentFailed, paymentOpened, paymentSucceeded } from './payments.js';
import { orderRefundRequested, orderUnfulfillable, paymentRefunded, paymentRefundFailed } from './refunds.js';

/**
 * Who acts on what. Both transports are built from this table, whoever starts first, so that no message is published
 * before its queue exists. A service whose handlers differ from its row does not start.
 */
export const subscriptions = {
  'ticket-api': [paymentOpened, paymentSucceeded, paymentFailed, paymentExpired, paymentRefunded, paymentRefundFailed],
  'payment-service': [
    orderReserved,
    orderConfirmed,
    orderExpired,
    orderCancelled,
    orderRefundRequested,
    orderUnfulfillable,
  ],
  'notification-service': [
    emailVerificationRequested,
    memberInvited,
    orderConfirmed,
    orderExpired,
    orderCancelled,
    orderUnfulfillable,
    orderRefundRequested,
  ],
} as const satisfies Record<string, readonly MessageContract[]>;

export type Consumer = keyof typeof subscriptions;
