import { accountSecured, emailVerificationRequested, memberInvited, passwordResetRequested } from './accounts.js';
import { paymentDisputeClosed, paymentDisputed } from './disputes.js';
import { eventCancelled, eventChanged, eventReminderDue } from './events.js';
import { mailFailed, mailQueued, mailSent } from './mails.js';
import type { MessageContract } from './message.js';
import { orderConfirmed } from './order-confirmed.js';
import { orderCancelled, orderExpired } from './order-ended.js';
import { orderHoldProlonged } from './order-hold-prolonged.js';
import { orderReserved } from './order-reserved.js';
import { paymentExpired, paymentFailed, paymentOpened, paymentSucceeded, paymentUnavailable } from './payments.js';
import {
  orderRefundRequested,
  orderUnfulfillable,
  paymentRefunded,
  paymentRefundFailed,
  paymentRefundTakenUp,
} from './refunds.js';
import { orderMailRequested, orderRecheckRequested } from './repairs.js';
import { ticketListed, ticketListingEnded } from './resale.js';
import { ticketTakenBack, ticketTransferEnded, ticketTransferOffered, ticketTransferred } from './transfers.js';
import { userErased } from './user-erased.js';
import { waitingListOffered } from './waiting-list.js';

/**
 * Who acts on what. Both transports are built from this table, whoever starts first, so that no message is published
 * before its queue exists. A service whose handlers differ from its row does not start.
 */
export const subscriptions = {
  'ticket-api': [
    paymentOpened,
    paymentUnavailable,
    paymentSucceeded,
    paymentFailed,
    paymentExpired,
    paymentRefunded,
    paymentRefundFailed,
    paymentRefundTakenUp,
    paymentDisputed,
    paymentDisputeClosed,
    mailQueued,
    mailSent,
    mailFailed,
  ],
  'payment-service': [
    orderReserved,
    orderHoldProlonged,
    orderConfirmed,
    orderExpired,
    orderCancelled,
    orderRefundRequested,
    orderUnfulfillable,
    orderRecheckRequested,
    userErased,
  ],
  'notification-service': [
    emailVerificationRequested,
    passwordResetRequested,
    accountSecured,
    memberInvited,
    orderConfirmed,
    orderExpired,
    orderCancelled,
    orderUnfulfillable,
    orderRefundRequested,
    orderMailRequested,
    waitingListOffered,
    ticketListed,
    ticketListingEnded,
    ticketTransferOffered,
    ticketTransferred,
    ticketTransferEnded,
    ticketTakenBack,
    eventChanged,
    eventCancelled,
    eventReminderDue,
    userErased,
  ],
} as const satisfies Record<string, readonly MessageContract[]>;

export type Consumer = keyof typeof subscriptions;
