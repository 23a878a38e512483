import { Controller, Param } from '@nestjs/common';
import { getTicket, type Ticket } from '@app/contracts';
import { InternalGet, Operation } from '@app/http';
import { notFound } from '@app/problem-details';
import { Located, ResourceAccess, type Location } from '../../authorization/authorization.module.js';
import { ReadTicket } from './read-ticket.js';

@Controller()
export class GetTicketController {
  constructor(
    private readonly tickets: ReadTicket,
    private readonly access: ResourceAccess,
  ) {}

  @Operation(getTicket)
  get(@Located() { tenantId }: Location, @Param('ticketId') ticketId: string): Promise<Ticket> {
    return this.tickets.byId(tenantId, ticketId);
  }

  /** For other services. */
  @InternalGet('/internal/tickets/:ticketId')
  async getInternally(@Param('ticketId') ticketId: string): Promise<Ticket> {
    const found = await this.access.locate('ticket', ticketId, null);
    if (!found) throw notFound('The ticket');
    return this.tickets.byId(found.tenantId, ticketId);
  }
}
