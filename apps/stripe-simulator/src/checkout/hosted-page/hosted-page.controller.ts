import { Controller, Get, Header, Inject, Param, Post, Redirect, UseFilters } from '@nestjs/common';
import { WithoutKey } from '../../api/without-key.js';
import { AccountDatabase } from '../../database/account-database.js';
import { findPaymentIntent } from '../../payments/payments.module.js';
import { successAddress, type CheckoutSession } from '../checkout-session.js';
import { CheckoutSessionStore } from '../checkout-session.store.js';
import { HostedPageErrorFilter } from './hosted-page-error.filter.js';
import { CONTENT_SECURITY_POLICY } from './layout.js';
import { endedPage, openPage, type PageFacts } from './page.js';
import { PaymentAttempts } from './payment-attempts.js';

const SEE_OTHER = 303;

/** The page that stands for Stripe's own, with buttons for what may come of a payment. */
@WithoutKey()
@UseFilters(HostedPageErrorFilter)
@Controller('simulator/checkout/:sessionId')
export class HostedPageController {
  constructor(
    @Inject(AccountDatabase) private readonly database: AccountDatabase,
    @Inject(CheckoutSessionStore) private readonly sessions: CheckoutSessionStore,
    @Inject(PaymentAttempts) private readonly attempts: PaymentAttempts,
  ) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', CONTENT_SECURITY_POLICY)
  @Header('Cache-Control', 'no-store')
  @Header('Referrer-Policy', 'no-referrer')
  async show(@Param('sessionId') id: string): Promise<string> {
    const facts = await this.factsOf(id);
    return (facts.session.status === 'open' ? openPage(facts) : endedPage(facts)).source;
  }

  @Post('pay')
  @Redirect('', SEE_OTHER)
  async pay(@Param('sessionId') id: string) {
    return onwards(await this.attempts.pay(id));
  }

  @Post('decline')
  @Redirect('', SEE_OTHER)
  async decline(@Param('sessionId') id: string) {
    return onwards(await this.attempts.decline(id));
  }

  @Post('fail')
  @Redirect('', SEE_OTHER)
  async fail(@Param('sessionId') id: string) {
    return onwards(await this.attempts.fail(id));
  }

  @Post('expire')
  @Redirect('', SEE_OTHER)
  async expire(@Param('sessionId') id: string) {
    return onwards(await this.attempts.expire(id));
  }

  private factsOf(id: string): Promise<PageFacts> {
    return this.database.transaction(async (transaction) => {
      const session = await this.sessions.lock(transaction, id);
      const intent = session.payment_intent && (await findPaymentIntent(transaction, session.payment_intent));
      const refusal = (intent && intent.last_payment_error?.message) || undefined;
      return { session, refusal };
    });
  }
}

/**
 * A complete session sends the buyer back to the shop, as at Stripe also when the money is still to come or fails
 * later. Every other one shows its page, which says what is the matter.
 */
const onwards = (session: CheckoutSession) => ({
  url: session.status === 'complete' ? successAddress(session) : `/simulator/checkout/${session.id}`,
});
