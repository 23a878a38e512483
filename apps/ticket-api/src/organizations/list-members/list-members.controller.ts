import { Controller, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { listMembers, type PageQuery } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ListMembersQuery, type MemberPage } from './list-members.js';

@Controller()
export class ListMembersController {
  constructor(private readonly queries: QueryBus) {}

  @Operation(listMembers)
  list(@Located() { tenantId }: Location, @Query() page: PageQuery): Promise<MemberPage> {
    return this.queries.execute(new ListMembersQuery(tenantId, page));
  }
}
