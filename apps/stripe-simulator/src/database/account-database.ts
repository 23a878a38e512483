import { Inject, Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@app/persistence';

/** The one account of this Stripe. */
export const ACCOUNT_ID = 'acct_1SimulatedTicketing';

/** Everything in the simulator's database belongs to one Stripe account, which is thereby the tenant of every transaction. */
@Injectable()
export class AccountDatabase {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Joins an open transaction. What `work` wrote is durable when the promise resolves. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.database.asTenant(ACCOUNT_ID, work);
  }
}
