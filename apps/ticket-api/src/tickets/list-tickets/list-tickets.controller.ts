import { Controller, Param, Query } from '@nestjs/common';
import { Acting, Caller, type Identity, type Principal } from '@app/auth';
import {
  listMyTickets,
  listTickets,
  listTicketsOfEvent,
  listTicketsOfUser,
  listTicketsOfUserAndEvent,
  type PageQuery,
} from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ListTickets } from './list-tickets.js';
import type { TicketPage } from './ticket-page.js';

@Controller()
export class ListTicketsController {
  constructor(private readonly tickets: ListTickets) {}

  @Operation(listTickets, listMyTickets)
  mine(@Caller() who: Identity, @Query() query: PageQuery): Promise<TicketPage> {
    return this.tickets.mine(who.userId, query);
  }

  @Operation(listTicketsOfUser)
  ofUser(@Acting() who: Principal, @Param('userId') userId: string, @Query() query: PageQuery): Promise<TicketPage> {
    return this.tickets.ofUser(who, userId, query);
  }

  @Operation(listTicketsOfUserAndEvent)
  ofUserAndEvent(
    @Acting() who: Principal,
    @Param('userId') userId: string,
    @Param('eventId') eventId: string,
    @Query() query: PageQuery,
  ): Promise<TicketPage> {
    return this.tickets.ofUserAndEvent(who, userId, eventId, query);
  }

  @Operation(listTicketsOfEvent)
  ofEvent(
    @Located() { tenantId }: Location,
    @Param('eventId') eventId: string,
    @Query() query: PageQuery,
  ): Promise<TicketPage> {
    return this.tickets.ofTenant(tenantId, { eventId }, query);
  }
}
