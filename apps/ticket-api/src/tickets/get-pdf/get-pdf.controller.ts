import { Controller, Param, Res } from '@nestjs/common';
import { getTicketPdf } from '@app/contracts';
import { InternalGet, Operation } from '@app/http';
import { notFound } from '@app/problem-details';
import type { FastifyReply } from 'fastify';
import { Located, ResourceAccess, type Location } from '../../authorization/authorization.module.js';
import { refuseUnusable } from '../refuse-unusable.js';
import { PrintableTickets, type PrintableTicket } from './printable-ticket.js';

@Controller()
export class GetPdfController {
  constructor(
    private readonly tickets: PrintableTickets,
    private readonly access: ResourceAccess,
  ) {}

  @Operation(getTicketPdf)
  async ofTicket(
    @Located() { tenantId }: Location,
    @Param('ticketId') ticketId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const ticket = await this.tickets.one(tenantId, ticketId);
    if (!ticket) throw notFound('The ticket');
    refuseUnusable(ticket.status, ticket.eventStatus);
    asFile(reply, `ticket-${ticket.number}.pdf`);
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
