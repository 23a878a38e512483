import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { z } from 'zod';
import { Expander } from '../api/expander.js';
import { listPage } from '../api/list.js';
import { hash, page, QueryParameters, text } from '../api/parameters.js';
import { AccountDatabase } from '../database/account-database.js';
import { databaseClock } from '../database/clock.js';
import { balanceTransactionObject, type BalanceTransactionRow } from './balance-transaction.js';

const ListBalanceTransactions = hash({
  ...page,
  currency: text(3).optional(),
  source: text(200).optional(),
  type: text(50).optional(),
});
type ListBalanceTransactions = z.infer<typeof ListBalanceTransactions>;

/** The ledger: every movement of money, newest first. */
@Controller('v1/balance_transactions')
export class ListBalanceTransactionsController {
  constructor(
    @Inject(AccountDatabase) private readonly database: AccountDatabase,
    @Inject(Expander) private readonly expander: Expander,
  ) {}

  @Get()
  list(@Query(new QueryParameters(ListBalanceTransactions)) parameters: ListBalanceTransactions): Promise<object> {
    const { currency, source, type, expand, ...paging } = parameters;
    return this.database.transaction(async (transaction) => {
      const now = await databaseClock(transaction);
      const list = await listPage(
        transaction,
        {
          table: 'balance_transaction',
          kind: 'balance_transaction',
          url: '/v1/balance_transactions',
          filter: { currency, source, type },
        },
        paging,
        (row: BalanceTransactionRow) => balanceTransactionObject(row, now),
      );
      return this.expander.expand(transaction, list, expand);
    });
  }
}
