import { Controller, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { listIdentities, type PageQuery } from '@app/contracts';
import { Operation } from '@app/http';
import { ListIdentitiesQuery, type IdentityPage } from './list-identities.js';

@Controller()
export class ListIdentitiesController {
  constructor(private readonly queries: QueryBus) {}

  @Operation(listIdentities)
  list(@Caller() { userId }: Identity, @Query() page: PageQuery): Promise<IdentityPage> {
    return this.queries.execute(new ListIdentitiesQuery(userId, page));
  }
}
