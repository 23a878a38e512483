import { Inject, Injectable } from '@nestjs/common';
import type { Money } from '@app/contracts';
import { Database } from '@app/persistence';
import { v7 as uuid } from 'uuid';

/**
 * `provider-balance`: our money at the provider. `organization-payable`: what we owe the organizer of the tenant.
 * `suspense`: money of which nobody has decided yet whose it is. `paid-by-hand`: what somebody gave back past the provider.
 */
type Account = 'provider-balance' | 'organization-payable' | 'suspense' | 'paid-by-hand';

interface Movement {
  tenantId: string;
  orderId: string;
  paymentId: string;
  amount: Money;
}

/** `round`: how often a person has taken the refund up; it moves once each way in each. */
type RefundMovement = Movement & { refundId: string; round: number };

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
  async refunded(refund: RefundMovement, inReview: boolean): Promise<void> {
    await this.post('refund', refund, {
      debit: inReview ? 'suspense' : 'organization-payable',
      credit: 'provider-balance',
    });
  }

  /** A refund that had succeeded came back to us. */
  async refundReturned(refund: RefundMovement, inReview: boolean): Promise<void> {
    await this.post('refund-returned', refund, {
      debit: 'provider-balance',
      credit: inReview ? 'suspense' : 'organization-payable',
    });
  }

  /** A person has paid a refund back past the provider: nothing leaves our balance there. */
  async refundSettled(refund: RefundMovement, inReview: boolean): Promise<void> {
    await this.post('refund-settled', refund, {
      debit: inReview ? 'suspense' : 'organization-payable',
      credit: 'paid-by-hand',
    });
  }

  /** The provider has taken disputed money away from us. */
  async disputeWithdrawn(dispute: Movement & { disputeId: string }, inReview: boolean): Promise<void> {
    await this.post('dispute-withdrawn', dispute, {
      debit: inReview ? 'suspense' : 'organization-payable',
      credit: 'provider-balance',
    });
  }

  /** Disputed money is ours again. */
  async disputeReinstated(dispute: Movement & { disputeId: string }, inReview: boolean): Promise<void> {
    await this.post('dispute-reinstated', dispute, {
      debit: 'provider-balance',
      credit: inReview ? 'suspense' : 'organization-payable',
    });
  }

  private async post(
    what: string,
    {
      tenantId,
      orderId,
      paymentId,
      refundId,
      round,
      disputeId,
      amount,
    }: Movement & Partial<RefundMovement> & { disputeId?: string },
    { debit, credit }: { debit: Account; credit: Account },
  ): Promise<void> {
    if (amount.amount === 0) return;
    await this.database.current().execute(
      `insert into ledger_transfers (id, tenant_id, order_id, payment_id, refund_id, round, dispute_id, what, debit_account, credit_account, amount, currency)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        uuid(),
        tenantId,
        orderId,
        paymentId,
        refundId ?? null,
        round ?? 0,
        disputeId ?? null,
        what,
        debit,
        credit,
        amount.amount,
        amount.currency,
      ],
    );
  }
}
