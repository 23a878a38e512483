import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { Expander } from '../../api/expander.js';
import { listPage } from '../../api/list.js';
import { hash, page, QueryParameters, Retrieve, text } from '../../api/parameters.js';
import { AccountDatabase } from '../../database/account-database.js';
import type { DisputeRow } from '../dispute.js';
import { findDispute, showDispute } from '../dispute.store.js';

const ListDisputes = hash({ ...page, charge: text(200).optional(), payment_intent: text(200).optional() });
type ListDisputes = z.infer<typeof ListDisputes>;

@Controller('v1/disputes')
export class ReadDisputesController {
  constructor(
    @Inject(AccountDatabase) private readonly database: AccountDatabase,
    @Inject(Expander) private readonly expander: Expander,
  ) {}

  @Get()
  list(@Query(new QueryParameters(ListDisputes)) parameters: ListDisputes): Promise<object> {
    const { charge, payment_intent, expand, ...paging } = parameters;
    return this.database.transaction(async (transaction) => {
      const { data, ...rest } = await listPage(
        transaction,
        { table: 'dispute', kind: 'dispute', url: '/v1/disputes', filter: { charge, payment_intent } },
        paging,
        (row: DisputeRow) => row,
      );
      const disputes = [];
      for (const row of data) disputes.push(await showDispute(transaction, row));
      return this.expander.expand(transaction, { ...rest, data: disputes }, expand);
    });
  }

  @Get(':id')
  retrieve(
    @Param('id') id: string,
    @Query(new QueryParameters(Retrieve)) { expand }: z.infer<typeof Retrieve>,
  ): Promise<object> {
    return this.database.transaction(async (transaction) => {
      const dispute = await showDispute(transaction, await findDispute(transaction, id));
      return this.expander.expand(transaction, dispute, expand);
    });
  }
}
