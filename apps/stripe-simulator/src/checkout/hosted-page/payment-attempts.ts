import { Inject, Injectable } from '@nestjs/common';
import type { Transaction } from '@app/persistence';
import { AccountDatabase } from '../../database/account-database.js';
import {
  CARD_DECLINED,
  findPaymentIntent,
  openPaymentIntent,
  PAYMENT_FAILED_LATER,
  paymentIntentObject,
  refuse,
  succeed,
  type PaymentFailure,
  type PaymentIntentRow,
} from '../../payments/payments.module.js';
import { EventLog } from '../../webhooks/webhooks.module.js';
import type { CheckoutSession } from '../checkout-session.js';
import { CheckoutSessionStore } from '../checkout-session.store.js';
import { PageAddress } from './page-address.js';

/** What the buttons of the hosted page do. On a session that has ended they change nothing. */
@Injectable()
export class PaymentAttempts {
  constructor(
    @Inject(AccountDatabase) private readonly database: AccountDatabase,
    @Inject(CheckoutSessionStore) private readonly sessions: CheckoutSessionStore,
    @Inject(EventLog) private readonly events: EventLog,
    @Inject(PageAddress) private readonly pages: PageAddress,
  ) {}

  /** The card is good: money, and the session is complete. */
  pay(id: string): Promise<CheckoutSession> {
    return this.whileOpen(id, async (transaction, session) => {
      const intent = await succeed(transaction, await this.intentOf(transaction, session));
      await this.events.record(transaction, 'payment_intent.succeeded', paymentIntentObject(intent));
      return this.sessions.complete(transaction, { ...session, payment_intent: intent.id }, 'paid');
    });
  }

  /** The card is refused: the session stays open for another try. */
  decline(id: string): Promise<CheckoutSession> {
    return this.whileOpen(id, async (transaction, session) => {
      const intent = await this.intentOf(transaction, session);
      await this.fails(transaction, intent, CARD_DECLINED);
      return { ...session, payment_intent: intent.id };
    });
  }

  /** A method that is confirmed later: the session completes unpaid, and then no money comes. */
  fail(id: string): Promise<CheckoutSession> {
    return this.whileOpen(id, async (transaction, session) => {
      const intent = await this.intentOf(transaction, session);
      const complete = await this.sessions.complete(transaction, session, 'unpaid');
      await this.fails(transaction, intent, PAYMENT_FAILED_LATER);
      await this.events.record(transaction, 'checkout.session.async_payment_failed', this.pages.present(complete));
      return complete;
    });
  }

  /** Its time is over, now. */
  expire(id: string): Promise<CheckoutSession> {
    return this.whileOpen(id, (transaction, session) => this.sessions.expire(transaction, session));
  }

  private whileOpen(
    id: string,
    work: (transaction: Transaction, session: CheckoutSession) => Promise<CheckoutSession>,
  ): Promise<CheckoutSession> {
    return this.database.transaction(async (transaction) => {
      const session = await this.sessions.lock(transaction, id);
      return session.status === 'open' ? work(transaction, session) : session;
    });
  }

  /** Stripe makes the payment intent of a session when the buyer first tries to pay. */
  private async intentOf(transaction: Transaction, session: CheckoutSession): Promise<PaymentIntentRow> {
    if (session.payment_intent !== null) return findPaymentIntent(transaction, session.payment_intent);
    const { amount_total: amount, currency, payment_intent_data, allowed_payment_method_types } = session;
    const intent = await openPaymentIntent(transaction, {
      amount,
      currency,
      allowed_payment_method_types,
      ...payment_intent_data,
    });
    await this.sessions.change(transaction, session, { payment_intent: intent.id });
    return intent;
  }

  private async fails(transaction: Transaction, intent: PaymentIntentRow, failure: PaymentFailure): Promise<void> {
    const refused = await refuse(transaction, intent, failure);
    await this.events.record(transaction, 'payment_intent.payment_failed', paymentIntentObject(refused));
  }
}
