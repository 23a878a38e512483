import { Inject, Injectable } from '@nestjs/common';
import type { Money } from '@app/contracts';
import { Database } from '@app/persistence';
import { uuidOrNull, type CheckoutSession, type SessionParameters } from '../stripe/stripe.module.js';
import type { PaymentStatus } from './payment.js';
import { PAYMENT_COLUMNS, toPayment, type Payment, type PaymentRow } from './payment-row.js';

export interface NewPayment {
  id: string;
  tenantId: string;
  orderId: string;
  userId: string;
  /** The account at the provider that it is made with. */
  accountId: string;
  owed: Money;
  correlationId: string;
  idempotencyKey: string;
  parameters: SessionParameters;
  /** When the session has to end. */
  closeDueAt: Date;
}

/** Payments, inside the open transaction of their tenant. */
@Injectable()
export class PaymentStore {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** From what the provider names to our payment: by our id, by its session or by its payment intent. */
  async locate(named: {
    paymentId?: string | null;
    sessionId?: string | null;
    paymentIntent?: string | null;
  }): Promise<{ tenantId: string; paymentId: string } | undefined> {
    const [found] = await this.database.lookUp<{ tenant_id: string; payment_id: string }>(
      'select tenant_id, payment_id from locate_payment($1, $2, $3)',
      [uuidOrNull(named.paymentId), named.sessionId ?? null, named.paymentIntent ?? null],
    );
    return found && { tenantId: found.tenant_id, paymentId: found.payment_id };
  }

  /** Whether the session, or the intent it was paid with, stands on another payment, of whatever tenant. */
  async standsElsewhere(paymentId: string, { id: sessionId, paymentIntent }: CheckoutSession): Promise<boolean> {
    const owners = [await this.locate({ sessionId }), paymentIntent ? await this.locate({ paymentIntent }) : undefined];
    return owners.some((owner) => owner !== undefined && owner.paymentId !== paymentId);
  }

  async insert(payment: NewPayment): Promise<Payment> {
    const [row] = await this.database.current().query<PaymentRow>(
      `insert into payments (id, tenant_id, order_id, user_id, status, amount, currency, correlation_id, idempotency_key, parameters, close_due_at,
         account_id)
       values ($1, $2, $3, $4, 'opening', $5, $6, $7, $8, $9, $10, $11) returning ${PAYMENT_COLUMNS}`,
      [
        payment.id,
        payment.tenantId,
        payment.orderId,
        payment.userId,
        payment.owed.amount,
        payment.owed.currency,
        payment.correlationId,
        payment.idempotencyKey,
        JSON.stringify(payment.parameters),
        payment.closeDueAt,
        payment.accountId,
      ],
    );
    return toPayment(row as PaymentRow);
  }

  /** The payment, locked: of two facts at once one sees the other's outcome. @throws when there is none. */
  async lock(paymentId: string): Promise<Payment> {
    const [row] = await this.query(`where id = $1 for no key update`, paymentId);
    if (!row) throw new Error(`Payment ${paymentId} does not exist here.`);
    return toPayment(row);
  }

  /** All payments of an order, oldest first, locked. */
  lockOfOrder(orderId: string): Promise<Payment[]> {
    return this.lockOfOrders([orderId]);
  }

  /** The same of many; of two that lock the same orders one waits for the other. */
  async lockOfOrders(orderIds: readonly string[]): Promise<Payment[]> {
    const ofOrders = 'where order_id = any($1) order by order_id, created_at, id for no key update';
    return (await this.query(ofOrders, orderIds)).map(toPayment);
  }

  /** Notes a new state, and what is known of the session by now. */
  async save(
    paymentId: string,
    status: PaymentStatus,
    session: Partial<CheckoutSession> = {},
    paid?: Money,
  ): Promise<void> {
    await this.database.current().execute(
      `update payments set status = $2,
         session_id = coalesce(session_id, $3), session_url = coalesce(session_url, $4), payment_intent = coalesce(payment_intent, $5),
         paid = coalesce($6, paid), paid_currency = coalesce($7, paid_currency), paid_at = case when $6::bigint is null then paid_at else now() end,
         updated_at = now()
       where id = $1`,
      [paymentId, status, session.id, session.url, session.paymentIntent, paid?.amount, paid?.currency],
    );
  }

  /** The open sessions of these orders, which are locked, have to end now. @returns whether there are any */
  async closeNow(orderIds: readonly string[]): Promise<boolean> {
    const due = await this.database
      .current()
      .execute(
        `update payments set close_due_at = least(close_due_at, now()) where order_id = any($1) and status in ('opening', 'open')`,
        [orderIds],
      );
    return due > 0;
  }

  /** Puts money aside for a refund. False when less than that is left of what was paid. */
  async reserveRefund(paymentId: string, { amount, currency }: Money): Promise<boolean> {
    const reserved = await this.database.current().execute(
      `update payments set refunded_total = refunded_total + $2, updated_at = now()
       where id = $1 and paid_currency = $3 and refunded_total + $2 <= paid`,
      [paymentId, amount, currency],
    );
    return reserved === 1;
  }

  /** Puts money aside for many refunds of payments, which are locked. @throws when less than that is left of one */
  async reserveRefunds(refunds: readonly { paymentId: string; amount: Money }[]): Promise<void> {
    if (refunds.length === 0) return;
    const reserved = await this.database.current().execute(
      `update payments p set refunded_total = refunded_total + given.amount, updated_at = now()
       from (select id, currency, sum(amount)::bigint as amount from unnest($1::uuid[], $2::bigint[], $3::text[]) as given (id, amount, currency)
             group by id, currency) given
       where p.id = given.id and p.paid_currency = given.currency and p.refunded_total + given.amount <= p.paid`,
      [
        refunds.map(({ paymentId }) => paymentId),
        refunds.map(({ amount }) => amount.amount),
        refunds.map(({ amount }) => amount.currency),
      ],
    );
    if (reserved !== new Set(refunds.map(({ paymentId }) => paymentId)).size)
      throw new Error('Less is left of a payment than was found when it was locked.');
  }

  /** The refund did not happen. */
  async releaseRefund(paymentId: string, { amount }: Money): Promise<void> {
    await this.database
      .current()
      .execute('update payments set refunded_total = refunded_total - $2, updated_at = now() where id = $1', [
        paymentId,
        amount,
      ]);
  }

  private query(rest: string, parameter: string | readonly string[]): Promise<PaymentRow[]> {
    return this.database.current().query<PaymentRow>(`select ${PAYMENT_COLUMNS} from payments ${rest}`, [parameter]);
  }
}
