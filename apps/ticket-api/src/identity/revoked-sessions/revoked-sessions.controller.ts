import { Controller, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Instant } from '@app/contracts';
import { InternalGet } from '@app/http';
import { z } from 'zod';
import { RevokedSessionsQuery, type RevokedSessions } from './revoked-sessions.js';

const Since = z.strictObject({ since: Instant.optional() });

/** Asked by the gateway every few seconds: signing out ends access tokens before their time. */
@Controller()
export class RevokedSessionsController {
  constructor(private readonly queries: QueryBus) {}

  @InternalGet('/internal/revoked-sessions', { query: Since, callers: ['api-gateway'] })
  revoked(@Query() { since }: z.infer<typeof Since>): Promise<RevokedSessions> {
    return this.queries.execute(new RevokedSessionsQuery(since));
  }
}
