import { Controller, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { listRefunds, type RefundsQuery } from '@app/contracts';
import { Operation } from '@app/http';
import { ListRefundsQuery } from './list-refunds.js';

@Controller()
export class ListRefundsController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Operation(listRefunds)
  list(@Caller() { userId }: Identity, @Query() wish: RefundsQuery) {
    return this.queries.execute(new ListRefundsQuery(userId, wish));
  }
}
