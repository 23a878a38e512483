import { Controller, Param, Query, Res } from '@nestjs/common';
import { Acting, type Principal } from '@app/auth';
import { getOrderPdf, getTicketPdf, Id, type OrderPdfQuery } from '@app/contracts';
import { InternalGet, Operation } from '@app/http';
import { notFound } from '@app/problem-details';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Located, ResourceAccess, type Location } from '../../authorization/authorization.module.js';
import { asFile, TicketFiles } from '../files.js';
import { holderFor } from '../holder-for.js';
import { PrintableTickets } from '../printable-ticket.js';
import { refuseUnusable } from '../refuse-unusable.js';

const PDF = 'application/pdf';

const OfHolder = z.strictObject({ holderId: Id });

@Controller()
export class GetPdfController {
  constructor(
    private readonly tickets: PrintableTickets,
    private readonly access: ResourceAccess,
    private readonly files: TicketFiles,
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
    refuseUnusable(ticket.status, ticket.event.status);
    const file = await this.files.pdf([ticket]);
    asFile(reply, PDF, `ticket-${ticket.number}.pdf`);
    return file;
  }

  /** What was handed on is its new holder's; organizers print all. */
  @Operation(getOrderPdf)
  async ofOrder(
    @Located() where: Location,
    @Acting() who: Principal,
    @Param('orderId') orderId: string,
    @Query() { from }: OrderPdfQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const id = holderFor(who, where);
    const { tickets, of } = await this.tickets.ofOrder(where.tenantId, orderId, {
      holder: id === null ? null : { id },
      from,
    });
    if (tickets.length === 0) throw notFound('Tickets of this order');
    const file = await this.files.pdf(tickets, { from, of });
    asFile(reply, PDF, 'tickets.pdf');
    return file;
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
    const file = await this.files.pdf([ticket]);
    asFile(reply, PDF, 'tickets.pdf');
    return file;
  }

  /** For the mail of an order: its buyer's tickets that admit, in one file. */
  @InternalGet('/internal/orders/:orderId/tickets.pdf', { callers: ['notification-service'] })
  async forMail(@Param('orderId') orderId: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const order = await this.access.locate('order', orderId, null);
    const { tickets, of } = order
      ? await this.tickets.ofOrder(order.tenantId, orderId, { holder: 'buyer' })
      : { tickets: [], of: 0 };
    if (tickets.length === 0) throw notFound('An order with tickets');
    const file = await this.files.pdf(tickets, { from: 1, of });
    asFile(reply, PDF, 'tickets.pdf');
    return file;
  }
}
