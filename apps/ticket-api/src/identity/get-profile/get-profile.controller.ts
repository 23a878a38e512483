import { Controller } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { getProfile, type User } from '@app/contracts';
import { Operation } from '@app/http';
import { GetProfileQuery } from './get-profile.js';

@Controller()
export class GetProfileController {
  constructor(private readonly queries: QueryBus) {}

  @Operation(getProfile)
  profile(@Caller() { userId }: Identity): Promise<User> {
    return this.queries.execute(new GetProfileQuery(userId));
  }
}
