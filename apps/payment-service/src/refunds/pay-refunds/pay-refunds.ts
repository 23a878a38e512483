import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database, OneAtATime } from '@app/persistence';
import { CONFIG, type Config } from '../../config.js';
import { PaymentStore } from '../../payments/payments.module.js';
import { ProviderRefused, StripeGateway, UnpayableAmount, type ProviderRefund } from '../../stripe/stripe.module.js';
import { MadeByHandStore } from '../made-by-hand.store.js';
import { RefundProgress, type RefundNews } from '../refund-progress.js';
import { RefundStore } from '../refund.store.js';
import { claimDueRefunds, type DueRefund } from './claim-due-refunds.js';
import { LessenRefund } from './lessen-refund.js';

const EVERY = 1_000;
const AT_ONCE = 10;

/**
 * Moves the money of pending refunds, at the configured pace. Rows are claimed and committed, then the provider is asked,
 * then the answer is noted. While the provider is away nothing is claimed, so that an outage costs no refund its tries.
 */
@Injectable()
export class PayRefunds implements BeforeApplicationShutdown {
  private readonly log = new Logger(PayRefunds.name);
  private readonly work = new OneAtATime(() => this.pass(), this.log);

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PaymentStore) private readonly payments: PaymentStore,
    @Inject(RefundStore) private readonly refunds: RefundStore,
    @Inject(MadeByHandStore) private readonly byHand: MadeByHandStore,
    @Inject(RefundProgress) private readonly progress: RefundProgress,
    @Inject(LessenRefund) private readonly lessen: LessenRefund,
    @Inject(StripeGateway) private readonly stripe: StripeGateway,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Interval(EVERY)
  wake(): void {
    this.work.wake();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.work.stop();
  }

  private async pass(): Promise<boolean> {
    const atOnce = this.stripe.room(AT_ONCE);
    if (atOnce === 0) return false;
    const pace = { atOnce, perSecond: this.config.refundsPerSecond };
    const due = await this.database.asJob((transaction) => claimDueRefunds(transaction, pace));
    await Promise.all(due.map((refund) => this.pay(refund).catch((error: unknown) => this.postponed(refund, error))));
    return due.length === AT_ONCE;
  }

  private async pay(due: DueRefund): Promise<void> {
    let isRefused = false;
    const news = await this.ask(due).catch((error: unknown): RefundNews => {
      isRefused = error instanceof ProviderRefused;
      if (error instanceof ProviderRefused) return { status: 'failed', failure: error.code ?? error.message };
      if (error instanceof UnpayableAmount) return { status: 'failed', failure: error.message };
      if (due.isOverdue && !due.providerRefundId)
        return { status: 'failed', failure: 'the provider did not answer for days' };
      throw error;
    });
    if (isRefused && (await this.lessen.lessen(due))) return this.wake();
    await this.database.asTenant(due.tenantId, async () => {
      const payment = await this.payments.lock(due.paymentId);
      const refund = await this.refunds.lock(due.refundId);
      // A person may have taken it up meanwhile: this is no answer to that.
      if (refund?.round === due.round) await this.progress.apply(refund, payment, news);
    });
  }

  /**
   * The refund at the provider. After a try without an answer it may be there already, perhaps since longer than the
   * provider remembers idempotency keys: it is looked for before it is made, under a key of its own in each round. None is
   * made of disputed money.
   */
  private async ask(due: DueRefund): Promise<ProviderRefund> {
    const { refundId, paymentId, paymentIntent, providerRefundId, amount, round, attempts, isDisputed } = due;
    if (providerRefundId) return this.stripe.findRefund(providerRefundId);
    if (!paymentIntent) throw new ProviderRefused('The payment has no payment intent', 'no-payment-intent');
    const isFirst = attempts === 0 && round === 0;
    const made = isFirst ? undefined : await this.made(paymentIntent, due);
    if (!made && isDisputed) throw new ProviderRefused('The payment is disputed', 'payment-disputed');
    return made ?? this.stripe.createRefund({ refundId, paymentId, paymentIntent, amount, round });
  }

  /**
   * The one that bears our id; of a refund that a person has tried again also one of its amount that bears none: somebody
   * else made it in the dashboard meanwhile.
   */
  private async made(paymentIntent: string, due: DueRefund): Promise<ProviderRefund | undefined> {
    const { refundId, tenantId, paymentId, amount, round, spentProviderIds } = due;
    const all = await this.stripe.listRefunds(paymentIntent);
    const unspent = all.filter(({ id }) => !spentProviderIds.includes(id));
    const ours = unspent.find((refund) => refund.refundId === refundId);
    if (ours || round === 0) return ours;
    const others = await this.database.asTenant(tenantId, () => this.byHand.namesOfOthers(paymentId, refundId));
    return unspent.find(
      (refund) =>
        refund.refundId === null &&
        refund.status !== 'failed' &&
        refund.amount.amount === amount.amount &&
        !others.has(refund.id),
    );
  }

  private postponed({ refundId }: DueRefund, error: unknown): void {
    this.log.warn('A refund could not be made and is tried again', { refundId }, error);
  }
}
