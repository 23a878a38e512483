import { Controller, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Acting, type Principal } from '@app/auth';
import { getReconciliation, type ReconciliationPage, type ReconciliationQuery } from '@app/contracts';
import { Operation } from '@app/http';
import { GetReconciliationQuery } from './get-reconciliation.js';

@Controller()
export class GetReconciliationController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Operation(getReconciliation)
  get(@Acting() who: Principal, @Query() wish: ReconciliationQuery): Promise<ReconciliationPage> {
    return this.queries.execute(new GetReconciliationQuery(who, wish));
  }
}
