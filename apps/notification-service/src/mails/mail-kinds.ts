import {
  accountSecured,
  type DataOf,
  type EventFacts,
  type Organizer,
  emailVerificationRequested,
  memberInvited,
  type MessageContract,
  orderCancelled,
  orderConfirmed,
  orderExpired,
  orderRefundRequested,
  orderUnfulfillable,
  passwordResetRequested,
  ticketListed,
  ticketListingEnded,
  ticketTakenBack,
  ticketTransferEnded,
  ticketTransferOffered,
  ticketTransferred,
  userErased,
  waitingListOffered,
} from '@app/contracts';
import { cancelledMail, changedMail, reminderMail } from './announced.js';
import type { MailContent } from './content/compose.js';
import { singleLine } from './content/single-line.js';
import { accountErasure } from './templates/account-erased.js';
import { securedAccount } from './templates/account-secured.js';
import { emailVerification } from './templates/email-verification.js';
import { endedListing } from './templates/listing-ended.js';
import { eventCancellation } from './templates/event-cancelled.js';
import { eventChange } from './templates/event-changed.js';
import { eventReminder } from './templates/event-reminder.js';
import { memberInvitation } from './templates/member-invited.js';
import { orderCancellation } from './templates/order-cancelled.js';
import { orderConfirmation } from './templates/order-confirmed.js';
import { orderExpiry } from './templates/order-expired.js';
import { unfulfillableOrder } from './templates/order-unfulfillable.js';
import { passwordReset } from './templates/password-reset.js';
import { refund } from './templates/refund-requested.js';
import { receivedTicket } from './templates/ticket-received.js';
import { takenBackTicket } from './templates/ticket-taken-back.js';
import type { Template, TemplateContext } from './templates/template.js';
import { listedTicket } from './templates/ticket-listed.js';
import { waitingListOffer } from './templates/waiting-list-offer.js';
import { acceptedTransfer } from './templates/transfer-accepted.js';
import { endedTransfer } from './templates/transfer-ended.js';
import { transferOffer } from './templates/transfer-offered.js';
import type { TicketsOf } from './tickets-pdf.js';

interface KindOptions<Facts> {
  /** Facts that stay in no row and no log longer than the mail needs them. */
  secrets?: readonly (keyof Facts & string)[];
  /** Whose tickets go with the mail. */
  ticketsOf?: (facts: Facts) => TicketsOf;
  /** An order of whose event the calendar file goes with the mail. */
  calendarOf?: (facts: Facts) => string | null;
  /** What the link has to carry by which its recipient gets no more mails of this kind, if nobody needs them. */
  unsubscribe?: (facts: Facts) => string | undefined;
  /** Not told as a step of its order: what happened is the event's. */
  isNoStep?: true;
  /** Whether it is one of thousands that the same act causes. Nobody's tickets wait for those. */
  isBulk?: (facts: Facts) => boolean;
}

const always = () => true;
const endsWithEvent = ({ reason }: { reason: string }) => reason === 'event-cancelled';

/** A mail's facts are the data of the message that caused it. */
function kind<C extends MessageContract>(
  contract: C,
  template: Template<DataOf<C>>,
  options: KindOptions<DataOf<C>> = {},
) {
  const read = (facts: unknown) => contract.data.parse(facts) as DataOf<C>;
  const { ticketsOf, isBulk } = options;
  return {
    secrets: options.secrets ?? [],
    /** @throws when the stored facts are not those of the contract. */
    read,
    /** Whose tickets go with this mail, if any do. */
    ticketsOf: (facts: unknown) => ticketsOf?.(read(facts)),
    calendarOf: (facts: unknown) => options.calendarOf?.(read(facts)) ?? undefined,
    unsubscribe: (facts: unknown) => options.unsubscribe?.(read(facts)),
    /** In whose name the mail is sent, if it is about an event. */
    organizerOf: (facts: unknown): Organizer | undefined =>
      singleLine((read(facts) as { event?: EventFacts }).event?.organizer),
    isStep: !options.isNoStep,
    isBulk: (facts: unknown) => isBulk?.(read(facts)) ?? false,
    render: (facts: unknown, context: TemplateContext): MailContent => template(singleLine(read(facts)), context),
  };
}

/** Every kind of mail there is, by the name that its rows carry. */
export const mailKinds = {
  'email-verification': kind(emailVerificationRequested, emailVerification, { secrets: ['token'] }),
  'password-reset': kind(passwordResetRequested, passwordReset, { secrets: ['token'] }),
  'account-secured': kind(accountSecured, securedAccount),
  'member-invited': kind(memberInvited, memberInvitation),
  'order-confirmed': kind(orderConfirmed, orderConfirmation, {
    ticketsOf: ({ orderId }) => ({ orderId }),
    calendarOf: ({ orderId }) => orderId,
  }),
  'order-expired': kind(orderExpired, orderExpiry),
  'order-cancelled': kind(orderCancelled, orderCancellation, { isBulk: endsWithEvent }),
  'order-unfulfillable': kind(orderUnfulfillable, unfulfillableOrder, { isBulk: endsWithEvent }),
  // Names and addresses of two people: each is kept no longer than the other's mail takes.
  'transfer-offered': kind(ticketTransferOffered, transferOffer, { secrets: ['from', 'email'] }),
  'ticket-received': kind(ticketTransferred, receivedTicket, {
    secrets: ['from', 'to'],
    ticketsOf: ({ ticketId, to }) => ({ ticketId, holderId: to.id }),
  }),
  'transfer-accepted': kind(ticketTransferred, acceptedTransfer, { secrets: ['from', 'to'] }),
  'transfer-ended': kind(ticketTransferEnded, endedTransfer, { secrets: ['from', 'email'] }),
  'ticket-taken-back': kind(ticketTakenBack, takenBackTicket, { secrets: ['holder'] }),
  'event-changed': kind(changedMail, eventChange, {
    ...{ isBulk: always, isNoStep: true },
    calendarOf: ({ orderId, ticketsOf }) => orderId ?? ticketsOf,
  }),
  'event-cancelled': kind(cancelledMail, eventCancellation, { isBulk: always, isNoStep: true }),
  'event-reminder': kind(reminderMail, eventReminder, {
    ...{ isBulk: always, isNoStep: true, secrets: ['unsubscribe'] },
    unsubscribe: ({ unsubscribe }) => unsubscribe,
  }),
  'account-erased': kind(userErased, accountErasure, { secrets: ['email'] }),
  // Whoever has the link can pay for somebody else, and no more.
  'waiting-list-offer': kind(waitingListOffered, waitingListOffer, { secrets: ['checkoutUrl'] }),
  'ticket-listed': kind(ticketListed, listedTicket),
  'listing-ended': kind(ticketListingEnded, endedListing),
  'refund-requested': kind(orderRefundRequested, refund, { isBulk: endsWithEvent }),
};
export type MailKind = keyof typeof mailKinds;
export type FactsOf<Kind extends MailKind> = ReturnType<(typeof mailKinds)[Kind]['read']>;

/** @throws for a name that a newer version of this service wrote: its replicas will send that mail. */
export function mailKind(name: string) {
  if (!Object.hasOwn(mailKinds, name)) throw new Error(`This version knows no mail of kind ${name}.`);
  return mailKinds[name as MailKind];
}

/** Names of the facts that are erased when a mail of this kind is done with. */
export const secretsOf = (name: string): readonly string[] =>
  Object.hasOwn(mailKinds, name) ? mailKinds[name as MailKind].secrets : [];

/** Whether ticket-api hears of it as a step of the order that its facts name. */
export const isStepOfOrder = (name: string): boolean =>
  !Object.hasOwn(mailKinds, name) || mailKinds[name as MailKind].isStep;
