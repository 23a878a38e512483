import { Inject, Injectable } from '@nestjs/common';
import type { Transaction } from '@app/persistence';
import { noSuch } from '../api/stripe-error.js';
import { databaseClock } from '../database/clock.js';
import { findRow, insertRow, updateRow } from '../database/rows.js';
import { EventLog, type EventCause } from '../webhooks/webhooks.module.js';
import { isOverdue, type CheckoutSession } from './checkout-session.js';
import { PageAddress } from './hosted-page/page-address.js';

/** Sessions and how they end. Every ending is written together with the event that tells it. */
@Injectable()
export class CheckoutSessionStore {
  constructor(
    @Inject(EventLog) private readonly events: EventLog,
    @Inject(PageAddress) private readonly pages: PageAddress,
  ) {}

  add(transaction: Transaction, session: Partial<CheckoutSession>): Promise<CheckoutSession> {
    return insertRow<CheckoutSession>(transaction, 'checkout_session', session);
  }

  /** @throws StripeError 404 */
  async find(transaction: Transaction, id: string): Promise<CheckoutSession> {
    const session = await findRow<CheckoutSession>(transaction, 'checkout_session', id);
    if (!session) throw noSuch('checkout.session', id, 'session');
    return session;
  }

  /**
   * The session, which nobody else changes until the transaction ends. One whose time is over expires here and now, so
   * that the timer's second of delay is no grace. @throws StripeError 404
   */
  async lock(transaction: Transaction, id: string): Promise<CheckoutSession> {
    const session = await findRow<CheckoutSession>(transaction, 'checkout_session', id, { forUpdate: true });
    if (!session) throw noSuch('checkout.session', id, 'session');
    return isOverdue(session, await databaseClock(transaction)) ? this.expire(transaction, session) : session;
  }

  change(
    transaction: Transaction,
    { id }: CheckoutSession,
    changes: Partial<CheckoutSession>,
  ): Promise<CheckoutSession> {
    return updateRow<CheckoutSession>(transaction, 'checkout_session', id, changes);
  }

  async complete(
    transaction: Transaction,
    session: CheckoutSession,
    payment_status: CheckoutSession['payment_status'],
  ): Promise<CheckoutSession> {
    const complete = await this.change(transaction, session, { status: 'complete', payment_status });
    await this.events.record(transaction, 'checkout.session.completed', this.pages.present(complete));
    return complete;
  }

  async expire(transaction: Transaction, session: CheckoutSession, cause?: EventCause): Promise<CheckoutSession> {
    const expired = await this.change(transaction, session, { status: 'expired' });
    await this.events.record(transaction, 'checkout.session.expired', this.pages.present(expired), cause);
    return expired;
  }
}
