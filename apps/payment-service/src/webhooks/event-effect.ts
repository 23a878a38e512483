import { Inject, Injectable } from '@nestjs/common';
import { RecordDispute } from '../disputes/disputes.module.js';
import { PaymentProgress, PaymentStore } from '../payments/payments.module.js';
import { RecordRefund } from '../refunds/refunds.module.js';
import { ProviderRefused, StripeGateway } from '../stripe/stripe.module.js';
import type { EventNews } from './event-news.js';
import type { EventStatus } from './webhook-event.store.js';

export interface LocatedPayment {
  tenantId: string;
  paymentId: string;
}

/** What the provider's news do to our payments, refunds and disputes. */
@Injectable()
export class EventEffect {
  constructor(
    @Inject(PaymentStore) private readonly payments: PaymentStore,
    @Inject(PaymentProgress) private readonly progress: PaymentProgress,
    @Inject(RecordRefund) private readonly refunds: RecordRefund,
    @Inject(RecordDispute) private readonly disputes: RecordDispute,
    @Inject(StripeGateway) private readonly stripe: StripeGateway,
  ) {}

  /** The payment that the news concern. The provider's word on its tenant is not asked for. */
  async locate(news: EventNews): Promise<LocatedPayment | undefined> {
    switch (news.about) {
      case 'session': {
        const { id: sessionId, paymentId, paymentIntent } = news.session;
        return this.payments.locate({ paymentId, sessionId, paymentIntent });
      }
      case 'refund':
        return this.payments.locate({ paymentIntent: news.refund.paymentIntent });
      case 'dispute':
        return this.payments.locate({ paymentIntent: news.dispute.paymentIntent });
      case 'charge':
        return this.payments.locate({ paymentIntent: news.paymentIntent });
      default:
        return undefined;
    }
  }

  /** In the open transaction of the payment's tenant, without asking the provider anything. */
  async apply(news: EventNews, payment: LocatedPayment | undefined): Promise<EventStatus> {
    if (!payment) return isForeign(news) ? 'ignored' : 'waiting';
    switch (news.about) {
      case 'session':
        if (news.fact) await this.progress.apply(payment.paymentId, news.fact, news.session);
        return 'handled';
      case 'refund':
        return (await this.refunds.record(payment.paymentId, news.refund, news.isAsked)) ? 'handled' : 'waiting';
      case 'dispute':
        return (await this.disputes.record(payment.paymentId, news.dispute)) ? 'handled' : 'waiting';
      default:
        // Events of the refunds themselves tell more; should they be missing, the refunds are asked for later.
        return 'waiting';
    }
  }

  /** What a waiting event leads to once the provider is asked; outside of any transaction. */
  async pursue(news: EventNews): Promise<EventNews[]> {
    if (news.about === 'refund') return [await this.ask(news)];
    if (news.about !== 'charge' || !news.paymentIntent) return [news];
    const refunds = await this.stripe.listRefunds(news.paymentIntent);
    return refunds.map((refund) => ({ about: 'refund', refund, isAsked: true }));
  }

  private async ask(news: Extract<EventNews, { about: 'refund' }>): Promise<EventNews> {
    try {
      return { about: 'refund', refund: await this.stripe.findRefund(news.refund.id), isAsked: true };
    } catch (error) {
      if (error instanceof ProviderRefused) return news;
      throw error;
    }
  }
}

/** Nobody's concern here: an unknown type, or a session that another system opened with the same account. */
const isForeign = (news: EventNews) =>
  news.about === 'nothing' || (news.about === 'session' && news.session.paymentId === null);
