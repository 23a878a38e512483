import { Controller, Param } from '@nestjs/common';
import { getCancellation, type Cancellation } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ReadCancellation } from './read-cancellation.js';

@Controller()
export class GetCancellationController {
  constructor(private readonly cancellation: ReadCancellation) {}

  @Operation(getCancellation)
  get(@Located() { tenantId }: Location, @Param('eventId') eventId: string): Promise<Cancellation> {
    return this.cancellation.of(tenantId, eventId);
  }
}
