import { Controller, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { InternalGet } from '@app/http';
import { OrganizationsOfPersonQuery, type Membership } from './organizations-of-person.js';

/** For payment-service, which shows organizers what is their own organizations'. */
@Controller()
export class OrganizationsOfPersonController {
  constructor(private readonly queries: QueryBus) {}

  @InternalGet('/internal/users/:userId/organizations', { callers: ['payment-service'] })
  async get(@Param('userId') userId: string): Promise<{ data: Membership[] }> {
    return { data: await this.queries.execute(new OrganizationsOfPersonQuery(userId)) };
  }
}
