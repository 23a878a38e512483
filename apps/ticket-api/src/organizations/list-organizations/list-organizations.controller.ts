import { Controller, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { listOrganizations, type PageQuery } from '@app/contracts';
import { Operation } from '@app/http';
import { ListOrganizationsQuery, type OrganizationPage } from './list-organizations.js';

@Controller()
export class ListOrganizationsController {
  constructor(private readonly queries: QueryBus) {}

  @Operation(listOrganizations)
  list(@Caller() { userId }: Identity, @Query() page: PageQuery): Promise<OrganizationPage> {
    return this.queries.execute(new ListOrganizationsQuery(userId, page));
  }
}
