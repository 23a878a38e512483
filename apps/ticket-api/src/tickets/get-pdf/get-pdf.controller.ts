import { Controller, Param, Query, Res } from '@nestjs/common';
import { Acting, type Principal } from '@app/auth';
import { getTicketPdf, Id } from '@app/contracts';
import { InternalGet, Operation } from '@app/http';
import { notFound } from '@app/problem-details';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Located, ResourceAccess, type Location } from '../../authorization/authorization.module.js';
import { holderFor } from '../holder-for.js';
import { refuseUnusable } from '../refuse-unusable.js';
import { PrintableTickets, type PrintableTicket } from './printable-ticket.js';

const OfHolder = z.strictObject({ holderId: Id });

@Controller()
export class GetPdfController {
  constructor(
    private readonly tickets: PrintableTickets,
    private readonly access: ResourceAccess,
  ) {}

  @Operation(getTicketPdf)
  async ofTicket(
    @Located() where: Location,
    @Acting() who: Principal,
    @Param('ticketId') ticketId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const ticket = await this.tickets.one(where.tenantId, ticketId, holderFor(who, where));
    if (!ticket) throw notFound('The ticket');
    refuseUnusable(ticket.status, ticket.eventStatus);
    asFile(reply, `ticket-${ticket.number}.pdf`);
    return render([ticket]);
  }

  /** For the mail to a ticket's new holder, as long as it is that person's and admits or has admitted. */
  @InternalGet('/internal/tickets/:ticketId/ticket.pdf', { query: OfHolder, callers: ['notification-service'] })
  async ofNewHolder(
    @Param('ticketId') ticketId: string,
    @Query() { holderId }: z.infer<typeof OfHolder>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const found = await this.access.locate('ticket', ticketId, null);
    const ticket = found ? await this.tickets.one(found.tenantId, ticketId, holderId) : undefined;
    if (!ticket || !['valid', 'checked_in'].includes(ticket.status)) throw notFound('A ticket of that holder');
    asFile(reply, 'tickets.pdf');
    return render([ticket]);
  }

  /** For the mail of an order: all of its tickets that admit, in one file. */
  @InternalGet('/internal/orders/:orderId/tickets.pdf', { callers: ['notification-service'] })
  async ofOrder(@Param('orderId') orderId: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const order = await this.access.locate('order', orderId, null);
    const tickets = order ? await this.tickets.ofOrder(order.tenantId, orderId) : [];
    if (tickets.length === 0) throw notFound('An order with tickets');
    asFile(reply, 'tickets.pdf');
    return render(tickets);
  }
}

/** The PDF library and its fonts are read when the first ticket is printed: that is a tenth of the service's start. */
const render = async (tickets: readonly PrintableTicket[]): Promise<Buffer> =>
  (await import('./render-tickets.js')).renderTickets(tickets);

/** Who has this file gets in: no cache keeps it. */
function asFile(reply: FastifyReply, name: string): void {
  void reply.type('application/pdf').header('content-disposition', `inline; filename="${name}"`);
  void reply.header('cache-control', 'private, no-store');
}
