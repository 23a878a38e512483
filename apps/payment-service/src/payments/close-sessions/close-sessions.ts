import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database, OneAtATime } from '@app/persistence';
import { ProviderRefused, StripeGateway, type CheckoutSession } from '../../stripe/stripe.module.js';
import type { PaymentFact } from '../payment.js';
import { PaymentProgress } from '../payment-progress.js';
import { claimDueSessions, type DueSession } from './claim-due-sessions.js';

const EVERY = 1_000;
const AT_ONCE = 20;

/**
 * Ends sessions at the provider when the hold ends (by the database's clock), or the order does. Each row is claimed
 * and committed first, so that no transaction is open while the provider is asked. While it is away nothing is claimed: an outage is waited
 * out, and costs no row a longer delay.
 */
@Injectable()
export class CloseSessions implements BeforeApplicationShutdown {
  private readonly log = new Logger(CloseSessions.name);
  private readonly work = new OneAtATime(() => this.pass(), this.log);

  constructor(
    @Inject(Database) private readonly database: Database,
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
    const due = await this.database.asJob((transaction) => claimDueSessions(transaction, room));
    await Promise.all(
      due.map((session) => this.close(session).catch((error: unknown) => this.postponed(session, error))),
    );
    return due.length === AT_ONCE;
  }

  private async close(due: DueSession): Promise<void> {
    const { fact, session } = await this.outcome(due);
    // Complete, but its money is still on its way: looked at again.
    if (fact) await this.database.asTenant(due.tenantId, () => this.progress.apply(due.paymentId, fact, session));
  }

  private async outcome(due: DueSession): Promise<{ fact: PaymentFact | null; session?: CheckoutSession }> {
    const sessionId = due.sessionId ?? (await this.sessionOfLostAnswer(due));
    if (!sessionId) return { fact: { fact: 'refused' } };
    try {
      const session = await this.stripe.expireSession(sessionId);
      return { fact: session.fact ?? { fact: 'expired' }, session };
    } catch (error) {
      if (!(error instanceof ProviderRefused)) throw error;
    }
    // It has ended before: perhaps it was paid in the same moment.
    try {
      const session = await this.stripe.findSession(sessionId);
      return { fact: session.fact, session };
    } catch (error) {
      // A session that the provider does not know can be paid by nobody.
      if (error instanceof ProviderRefused && error.code === 'resource_missing') return { fact: { fact: 'expired' } };
      throw error;
    }
  }

  /** Whether the provider had made the session is only known by asking the same again; null when it never will. */
  private async sessionOfLostAnswer({ parameters, idempotencyKey }: DueSession): Promise<string | null> {
    try {
      return (await this.stripe.createSession(parameters, idempotencyKey)).id;
    } catch (error) {
      if (error instanceof ProviderRefused) return null;
      throw error;
    }
  }

  private postponed({ paymentId }: DueSession, error: unknown): void {
    this.log.warn('A session could not be ended and is tried again', { paymentId }, error);
  }
}
