import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database } from '@app/persistence';
import { ProviderUnavailable, StripeGateway, type Movement } from '../../stripe/stripe.module.js';
import { EventEffect, type EventNews, type LocatedPayment } from '../../webhooks/webhooks.module.js';
import { BooksStore } from '../books.store.js';
import { differenceOf, type Booked, type DifferenceKind } from '../difference.js';
import { DifferenceStore, type Difference } from '../difference.store.js';
import { amountOf, provided, subjectOf } from '../provided.js';

/** Has the provider's word the effect of a webhook; what still differs after that is for a person. */
@Injectable()
export class RepairDifference {
  private readonly log = new Logger(RepairDifference.name);

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(StripeGateway) private readonly stripe: StripeGateway,
    @Inject(EventEffect) private readonly effect: EventEffect,
    @Inject(BooksStore) private readonly books: BooksStore,
    @Inject(DifferenceStore) private readonly differences: DifferenceStore,
  ) {}

  /** @throws ProviderUnavailable: nothing was decided */
  async repair(movement: Movement, kind: DifferenceKind, before: Booked | undefined): Promise<void> {
    const news = await this.newsOf(movement);
    const payment = news && (await this.effect.locate(news));
    const difference: Difference = {
      kind: kindOf(kind, payment ?? before),
      about: movement.about,
      subject: subjectOf(movement),
      provided: amountOf(movement),
      bookedAmount: before?.amount ?? null,
      owner: before ?? (payment && { ...payment, orderId: null, refundId: null }),
    };
    if (news && payment && (await this.apply(news, payment, movement, difference))) return;
    await this.database.asJob((transaction) => this.differences.noteOpen(transaction, difference));
  }

  /** What a webhook would have told of it. No transaction is open while the provider is asked. */
  private async newsOf(movement: Movement): Promise<EventNews | undefined> {
    if (movement.about === 'refund') return { about: 'refund', refund: movement.refund, isAsked: true };
    if (movement.about === 'dispute') return { about: 'dispute', dispute: movement.dispute };
    if (movement.about === 'movement' || !movement.paymentIntent) return undefined;
    const session = await this.stripe.findSessionOf(movement.paymentIntent);
    return session ? { about: 'session', session, fact: session.fact } : undefined;
  }

  /** Effect and note commit together. @returns whether both sides are the same now */
  private async apply(
    news: EventNews,
    payment: LocatedPayment,
    movement: Movement,
    difference: Difference,
  ): Promise<boolean> {
    return this.database
      .asTenant(payment.tenantId, async (transaction) => {
        await this.effect.apply(news, payment);
        const booked = (await this.books.read(transaction, [movement])).get(difference.subject);
        if (differenceOf(provided(movement), booked) !== null) return false;
        await this.books.confirm(transaction, [movement]);
        await this.differences.noteRepaired(transaction, { ...difference, owner: booked });
        transaction.afterCommit(() =>
          this.log.warn('The books differed from the provider and were repaired', difference),
        );
        return true;
      })
      .catch((error: unknown) => {
        if (error instanceof ProviderUnavailable) throw error;
        this.log.warn('A difference cannot be repaired', { subject: difference.subject }, error);
        return false;
      });
  }
}

/** Only the session, and the payment of a refund or a dispute, tell whose it is. */
function kindOf(kind: DifferenceKind, owner: object | undefined): DifferenceKind {
  if (kind === 'unknown-payment' && owner) return 'unpaid-here';
  return (kind === 'refund-unknown' || kind === 'dispute-differs') && !owner ? 'unknown-payment' : kind;
}
