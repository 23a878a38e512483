import { Controller, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { listSessions, type PageQuery } from '@app/contracts';
import { Operation } from '@app/http';
import { ListSessionsQuery, type SessionPage } from './list-sessions.js';

@Controller()
export class ListSessionsController {
  constructor(private readonly queries: QueryBus) {}

  @Operation(listSessions)
  list(@Caller() { userId, sessionId }: Identity, @Query() page: PageQuery): Promise<SessionPage> {
    return this.queries.execute(new ListSessionsQuery(userId, sessionId, page));
  }
}
