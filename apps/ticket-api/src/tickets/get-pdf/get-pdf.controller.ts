import { Controller, Param, Query, Res } from '@nestjs/common';
import { Acting, type Principal } from '@app/auth';
import { getOrderPdf, getTicketPdf, type OrderPdfQuery } from '@app/contracts';
import { InternalGet, Operation } from '@app/http';
import { notFound } from '@app/problem-details';
import type { FastifyReply } from 'fastify';
import { Located, ResourceAccess, type Location } from '../../authorization/authorization.module.js';
import { asFile, TicketFiles } from '../files.js';
import { PrintableTickets } from '../printable-ticket.js';
import { refuseUnusable } from '../refuse-unusable.js';

const PDF = 'application/pdf';

@Controller()
export class GetPdfController {
  constructor(
    private readonly tickets: PrintableTickets,
    private readonly access: ResourceAccess,
    private readonly files: TicketFiles,
  ) {}

  @Operation(getTicketPdf)
  async ofTicket(
    @Located() { tenantId }: Location,
    @Param('ticketId') ticketId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const ticket = await this.tickets.one(tenantId, ticketId);
    if (!ticket) throw notFound('The ticket');
    refuseUnusable(ticket.status, ticket.event.status);
    const file = await this.files.pdf([ticket]);
    asFile(reply, PDF, `ticket-${ticket.number}.pdf`);
    return file;
  }

  /** What was handed on is its new holder's; organizers print all. */
  @Operation(getOrderPdf)
  async ofOrder(
    @Located() { tenantId, role }: Location,
    @Acting() who: Principal,
    @Param('orderId') orderId: string,
    @Query() { from }: OrderPdfQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const isOrganizer = role === 'organizer' || role === 'owner' || !('userId' in who);
    const holderId = isOrganizer ? null : who.userId;
    const { tickets, of } = await this.tickets.ofOrder(tenantId, orderId, { holderId, from });
    if (tickets.length === 0) throw notFound('Tickets of this order');
    const file = await this.files.pdf(tickets, { from, of });
    asFile(reply, PDF, 'tickets.pdf');
    return file;
  }

  /** For the mail of an order: its tickets that admit, in one file. */
  @InternalGet('/internal/orders/:orderId/tickets.pdf', { callers: ['notification-service'] })
  async forMail(@Param('orderId') orderId: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const order = await this.access.locate('order', orderId, null);
    const { tickets, of } = order ? await this.tickets.ofOrder(order.tenantId, orderId) : { tickets: [], of: 0 };
    if (tickets.length === 0) throw notFound('An order with tickets');
    const file = await this.files.pdf(tickets, { from: 1, of });
    asFile(reply, PDF, 'tickets.pdf');
    return file;
  }
}
