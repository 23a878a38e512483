import { Controller, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { getReconciliation, type ReconciliationPage, type ReconciliationQuery } from '@app/contracts';
import { Operation } from '@app/http';
import { GetReconciliationQuery } from './get-reconciliation.js';

@Controller()
export class GetReconciliationController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Operation(getReconciliation)
  get(@Caller() { userId }: Identity, @Query() wish: ReconciliationQuery): Promise<ReconciliationPage> {
    return this.queries.execute(new GetReconciliationQuery(userId, wish));
  }
}
