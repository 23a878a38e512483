import { Inject, Injectable } from '@nestjs/common';
import type { Money } from '@app/contracts';
import { Database } from '@app/persistence';
import { v7 as uuid } from 'uuid';

/**
 * `provider-balance`: our money at the provider. `organization-payable`: what we owe the organizer of the tenant.
 * `suspense`: money of which nobody has decided yet whose it is.
 */
type Account = 'provider-balance' | 'organization-payable' | 'suspense';

interface Movement {
  tenantId: string;
  orderId: string;
  paymentId: string;
  amount: Money;
}

/** The books: every movement leaves one account and arrives in another, in the open transaction of what caused it. */
@Injectable()
export class Ledger {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Money came; one that is in review belongs to nobody yet. */
  async paid(payment: Movement, inReview: boolean): Promise<void> {
    const what = inReview ? 'payment-in-review' : 'payment';
    await this.post(what, payment, {
      debit: 'provider-balance',
      credit: inReview ? 'suspense' : 'organization-payable',
    });
  }

  /** Money went back to the payer. */
  async refunded(refund: Movement & { refundId: string }, inReview: boolean): Promise<void> {
    await this.post('refund', refund, {
      debit: inReview ? 'suspense' : 'organization-payable',
      credit: 'provider-balance',
    });
  }

  /** A refund that had succeeded came back to us. */
  async refundReturned(refund: Movement & { refundId: string }, inReview: boolean): Promise<void> {
    await this.post('refund-returned', refund, {
      debit: 'provider-balance',
      credit: inReview ? 'suspense' : 'organization-payable',
    });
  }

  private async post(
    what: string,
    { tenantId, orderId, paymentId, refundId, amount }: Movement & { refundId?: string },
    { debit, credit }: { debit: Account; credit: Account },
  ): Promise<void> {
    if (amount.amount === 0) return;
    await this.database.current().execute(
      `insert into ledger_transfers (id, tenant_id, order_id, payment_id, refund_id, what, debit_account, credit_account, amount, currency)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [uuid(), tenantId, orderId, paymentId, refundId ?? null, what, debit, credit, amount.amount, amount.currency],
    );
  }
}
