import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database, OneAtATime } from '@app/persistence';
import { CONFIG, type Config } from '../../config.js';
import { StripeGateway } from '../../stripe/stripe.module.js';
import { EventEffect } from '../../webhooks/webhooks.module.js';
import { RunStore } from '../run.store.js';
import { claimPendingPayments, type PendingPayment } from './claim-pending-payments.js';

const EVERY = 5_000;
const AT_ONCE = 10;

/**
 * Asks the provider for sessions that have been silent: a webhook that is lost for ever costs time and nothing else. What
 * it says has the effect of a webhook, so that one which comes later changes nothing. Refunds are asked for by
 * `PayRefunds` until their outcome is known.
 */
@Injectable()
export class ReconcilePending implements BeforeApplicationShutdown {
  private readonly log = new Logger(ReconcilePending.name);
  private readonly work = new OneAtATime(() => this.pass(), this.log);
  private readonly seconds: number;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(EventEffect) private readonly effect: EventEffect,
    @Inject(StripeGateway) private readonly stripe: StripeGateway,
    @Inject(RunStore) private readonly runs: RunStore,
    @Inject(CONFIG) { reconciliation }: Config,
  ) {
    this.seconds = reconciliation.pendingSeconds;
  }

  @Interval(EVERY)
  wake(): void {
    this.work.wake();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.work.stop();
  }

  private async pass(): Promise<boolean> {
    const { seconds } = this;
    const limit = this.stripe.room(AT_ONCE);
    if (limit === 0) return false;
    const pending = await this.database.asJob((transaction) => claimPendingPayments(transaction, { seconds, limit }));
    await Promise.all(
      pending.map((payment) => this.ask(payment).catch((error: unknown) => this.postponed(payment, error))),
    );
    await this.database.asJob((transaction) => this.runs.notePending(transaction, pending.length, seconds));
    return pending.length === AT_ONCE;
  }

  /** No transaction is open while the provider is asked. */
  private async ask({ paymentId, tenantId, sessionId }: PendingPayment): Promise<void> {
    const { session, fact } = await this.stripe.findEndedSession(sessionId);
    if (!fact) return;
    await this.database.asTenant(tenantId, () =>
      this.effect.apply({ about: 'session', session, fact }, { tenantId, paymentId }),
    );
  }

  private postponed({ paymentId }: PendingPayment, error: unknown): void {
    this.log.warn('The outcome of a payment could not be asked for and is asked for again', { paymentId }, error);
  }
}
