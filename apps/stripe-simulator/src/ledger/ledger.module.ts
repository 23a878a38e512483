import { Inject, Module } from '@nestjs/common';
import { Expander } from '../api/expander.js';
import { databaseClock } from '../database/clock.js';
import { balanceTransactionObject } from './balance-transaction.js';
import { findMovement } from './balance-transaction.store.js';
import { ListBalanceTransactionsController } from './list-balance-transactions.controller.js';
import { SumUpLedger } from './sum-up/sum-up-ledger.js';

export { movementsOf, recordMovement } from './balance-transaction.store.js';

@Module({ controllers: [ListBalanceTransactionsController], providers: [SumUpLedger] })
export class LedgerModule {
  constructor(@Inject(Expander) expander: Expander) {
    expander.register('txn', async (transaction, id) =>
      balanceTransactionObject(await findMovement(transaction, id), await databaseClock(transaction)),
    );
  }
}
