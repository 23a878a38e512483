import { Controller, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Acting, type Principal } from '@app/auth';
import { listRefunds, type RefundsQuery } from '@app/contracts';
import { Operation } from '@app/http';
import { ListRefundsQuery } from './list-refunds.js';

@Controller()
export class ListRefundsController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Operation(listRefunds)
  list(@Acting() who: Principal, @Query() wish: RefundsQuery) {
    return this.queries.execute(new ListRefundsQuery(who, wish));
  }
}
