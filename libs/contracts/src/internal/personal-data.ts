import { z } from 'zod';
import { Id, Money } from '../rest/fields.js';

/** Rows of a list in an export, the newest. A service answers with one more when there are more. */
export const EXPORTED_ROWS = 5_000;

const time = z.string();
const maybe = z.string().nullable();

/** What payment-service holds about a person. Ids beginning with `provider` are those of the payment provider. */
export const PaymentsOfPerson = z.object({
  owed: z
    .array(z.object({ orderId: Id, email: maybe, createdAt: time }))
    .describe('orders that a payment is asked for, with the address that the provider is told'),
  payments: z.array(
    z.object({
      id: Id,
      orderId: Id,
      status: z.string(),
      amount: Money,
      paid: z.int(),
      refunded: z.int(),
      email: maybe,
      providerSession: maybe,
      providerPayment: maybe,
      createdAt: time,
      paidAt: maybe,
    }),
  ),
  refunds: z.array(
    z.object({
      id: Id,
      orderId: Id,
      status: z.string(),
      amount: Money,
      reason: z.string(),
      note: maybe,
      providerRefund: maybe,
      createdAt: time,
    }),
  ),
  disputes: z.array(
    z.object({
      id: Id,
      orderId: Id,
      status: z.string(),
      amount: Money,
      reason: z.string(),
      providerDispute: z.string(),
      createdAt: time,
    }),
  ),
});
export type PaymentsOfPerson = z.infer<typeof PaymentsOfPerson>;

/** Whose mails are asked for; `email` only of somebody who has proven it. In a body, for paths are logged. */
export const FindMails = z.strictObject({ userId: Id, email: z.string().nullable() });
export type FindMails = z.infer<typeof FindMails>;

/** What notification-service holds about a person: which mails, not their words, which may hold links that are secrets. */
export const MailsOfPerson = z.object({
  mails: z.array(
    z.object({
      id: Id,
      kind: z.string(),
      recipient: z.string(),
      orderId: maybe,
      status: z.string(),
      lastError: maybe,
      createdAt: time,
      sentAt: maybe,
    }),
  ),
});
export type MailsOfPerson = z.infer<typeof MailsOfPerson>;
