import { Controller, Param, Res } from '@nestjs/common';
import { Acting, type Principal } from '@app/auth';
import { getTicketCalendar } from '@app/contracts';
import { InternalGet, Operation } from '@app/http';
import { notFound } from '@app/problem-details';
import type { FastifyReply } from 'fastify';
import { Located, ResourceAccess, type Location } from '../../authorization/authorization.module.js';
import { asFile } from '../files.js';
import { holderFor } from '../holder-for.js';
import { PrintableTickets, type PrintableTicket } from '../printable-ticket.js';
import { refuseUnusable } from '../refuse-unusable.js';

@Controller()
export class GetCalendarController {
  constructor(
    private readonly tickets: PrintableTickets,
    private readonly access: ResourceAccess,
  ) {}

  /** A cancelled event's tickets are void: its entry says so, and whoever has it in the calendar can have it struck out. */
  @Operation(getTicketCalendar)
  async ofTicket(
    @Located() where: Location,
    @Acting() who: Principal,
    @Param('ticketId') ticketId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const ticket = await this.tickets.one(where.tenantId, ticketId, holderFor(who, where));
    if (!ticket) throw notFound('The ticket');
    if (ticket.event.status !== 'cancelled') refuseUnusable(ticket.status, ticket.event.status);
    return entry(reply, ticket);
  }

  /** For the mail of an order. */
  @InternalGet('/internal/orders/:orderId/calendar.ics', { callers: ['notification-service'] })
  async ofOrder(@Param('orderId') orderId: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const order = await this.access.locate('order', orderId, null);
    const ticket = order && (await this.tickets.anyOfOrder(order.tenantId, orderId));
    if (!ticket) throw notFound('An order with tickets');
    return entry(reply, ticket);
  }
}

async function entry(reply: FastifyReply, { event }: PrintableTicket): Promise<string> {
  const { calendarEntry } = await import('./calendar-entry.js');
  asFile(reply, 'text/calendar; charset=utf-8; method=PUBLISH', 'event.ics');
  return calendarEntry(event);
}
