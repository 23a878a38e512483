import { Controller, Param, Query } from '@nestjs/common';
import { listScans, listScansOfTicket, type ListScans, type PageQuery } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ReadScans, type ScanPage } from './read-scans.js';

@Controller()
export class ListScansController {
  constructor(private readonly scans: ReadScans) {}

  @Operation(listScans)
  ofEvent(
    @Located() { tenantId }: Location,
    @Param('eventId') eventId: string,
    @Query() query: ListScans,
  ): Promise<ScanPage> {
    return this.scans.ofEvent(tenantId, eventId, query);
  }

  @Operation(listScansOfTicket)
  ofTicket(
    @Located() { tenantId }: Location,
    @Param('ticketId') ticketId: string,
    @Query() query: PageQuery,
  ): Promise<ScanPage> {
    return this.scans.ofTicket(tenantId, ticketId, query);
  }
}
