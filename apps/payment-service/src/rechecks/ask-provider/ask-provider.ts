import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database, OneAtATime } from '@app/persistence';
import { PaymentProgress } from '../../payments/payments.module.js';
import { ProviderRefused, StripeGateway, type CheckoutSession } from '../../stripe/stripe.module.js';
import { RecheckStore, type DueRecheck } from '../recheck.store.js';

const EVERY = 1_000;
const AT_ONCE = 10;

/**
 * Asks the provider what became of payments. Rows are claimed and committed, then the provider is asked, then its answer
 * is applied as a webhook's word would be, so that one that comes later changes nothing. While the
 * provider is away nothing is claimed: an outage is waited out.
 */
@Injectable()
export class AskProvider implements BeforeApplicationShutdown {
  private readonly log = new Logger(AskProvider.name);
  private readonly work = new OneAtATime(() => this.pass(), this.log);

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RecheckStore) private readonly rechecks: RecheckStore,
    @Inject(PaymentProgress) private readonly progress: PaymentProgress,
    @Inject(StripeGateway) private readonly stripe: StripeGateway,
  ) {}

  @Interval(EVERY)
  wake(): void {
    this.work.wake();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.work.stop();
  }

  private async pass(): Promise<boolean> {
    const room = this.stripe.room(AT_ONCE);
    if (room === 0) return false;
    const due = await this.database.asJob((transaction) => this.rechecks.claim(transaction, room));
    await Promise.all(due.map((each) => this.ask(each).catch((error: unknown) => this.postponed(each, error))));
    return due.length === AT_ONCE;
  }

  private async ask({ tenantId, paymentId, sessionId }: DueRecheck): Promise<void> {
    const session = await this.session(sessionId);
    await this.database.asTenant(tenantId, async () => {
      if (session?.fact) await this.progress.apply(paymentId, session.fact, session);
      await this.rechecks.answered(paymentId);
    });
  }

  /** Undefined when the provider does not know it: then nobody has paid with it. */
  private async session(sessionId: string): Promise<CheckoutSession | undefined> {
    try {
      return await this.stripe.findSession(sessionId);
    } catch (error) {
      if (error instanceof ProviderRefused) return undefined;
      throw error;
    }
  }

  private postponed({ paymentId }: DueRecheck, error: unknown): void {
    this.log.warn('The provider could not be asked for a payment; it is asked again', { paymentId }, error);
  }
}
