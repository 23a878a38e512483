import {
  accountSecured,
  type DataOf,
  emailVerificationRequested,
  memberInvited,
  type MessageContract,
  orderCancelled,
  orderConfirmed,
  orderExpired,
  orderRefundRequested,
  orderUnfulfillable,
  passwordResetRequested,
  userErased,
} from '@app/contracts';
import type { MailContent } from './content/compose.js';
import { singleLine } from './content/single-line.js';
import { accountErasure } from './templates/account-erased.js';
import { securedAccount } from './templates/account-secured.js';
import { emailVerification } from './templates/email-verification.js';
import { memberInvitation } from './templates/member-invited.js';
import { orderCancellation } from './templates/order-cancelled.js';
import { orderConfirmation } from './templates/order-confirmed.js';
import { orderExpiry } from './templates/order-expired.js';
import { unfulfillableOrder } from './templates/order-unfulfillable.js';
import { passwordReset } from './templates/password-reset.js';
import { refund } from './templates/refund-requested.js';
import type { Template, TemplateContext } from './templates/template.js';

interface KindOptions<Facts> {
  /** Facts that stay in no row and no log longer than the mail needs them. */
  secrets?: readonly (keyof Facts & string)[];
  /** The order whose tickets go with the mail. */
  ticketsOf?: (facts: Facts) => string;
  /** Whether it is one of thousands that the same act causes. Nobody's tickets wait for those. */
  isBulk?: (facts: Facts) => boolean;
}

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
    /** Id of the order whose tickets go with this mail, if any do. */
    ticketsOf: (facts: unknown) => ticketsOf?.(read(facts)),
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
  'order-confirmed': kind(orderConfirmed, orderConfirmation, { ticketsOf: ({ orderId }) => orderId }),
  'order-expired': kind(orderExpired, orderExpiry),
  'order-cancelled': kind(orderCancelled, orderCancellation, { isBulk: endsWithEvent }),
  'order-unfulfillable': kind(orderUnfulfillable, unfulfillableOrder, { isBulk: endsWithEvent }),
  'account-erased': kind(userErased, accountErasure, { secrets: ['email'] }),
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
