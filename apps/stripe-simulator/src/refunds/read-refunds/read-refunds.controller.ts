import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { Expander } from '../../api/expander.js';
import { listPage } from '../../api/list.js';
import { hash, page, QueryParameters, Retrieve, text } from '../../api/parameters.js';
import { AccountDatabase } from '../../database/account-database.js';
import { refundObject } from '../refund.js';
import { findRefund } from '../refund.store.js';

const ListRefunds = hash({ ...page, charge: text(200).optional(), payment_intent: text(200).optional() });
type ListRefunds = z.infer<typeof ListRefunds>;

@Controller('v1/refunds')
export class ReadRefundsController {
  constructor(
    @Inject(AccountDatabase) private readonly database: AccountDatabase,
    @Inject(Expander) private readonly expander: Expander,
  ) {}

  @Get()
  list(@Query(new QueryParameters(ListRefunds)) parameters: ListRefunds): Promise<object> {
    const { charge, payment_intent, expand, ...paging } = parameters;
    return this.database.transaction(async (transaction) => {
      const list = await listPage(
        transaction,
        { table: 'refund', kind: 'refund', url: '/v1/refunds', filter: { charge, payment_intent } },
        paging,
        refundObject,
      );
      return this.expander.expand(transaction, list, expand);
    });
  }

  @Get(':id')
  retrieve(
    @Param('id') id: string,
    @Query(new QueryParameters(Retrieve)) { expand }: z.infer<typeof Retrieve>,
  ): Promise<object> {
    return this.database.transaction(async (transaction) =>
      this.expander.expand(transaction, refundObject(await findRefund(transaction, id)), expand),
    );
  }
}
