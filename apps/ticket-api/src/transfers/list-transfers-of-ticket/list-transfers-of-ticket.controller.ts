import { Controller, Param, Query } from '@nestjs/common';
import { Acting, type Principal } from '@app/auth';
import { listTransfersOfTicket, type PageQuery, type Transfer } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { HistoryOfTicket } from './history-of-ticket.js';

@Controller()
export class ListTransfersOfTicketController {
  constructor(private readonly history: HistoryOfTicket) {}

  @Operation(listTransfersOfTicket)
  list(
    @Located() where: Location,
    @Acting() who: Principal,
    @Param('ticketId') ticketId: string,
    @Query() query: PageQuery,
  ): Promise<{ data: Transfer[]; nextCursor: string | null }> {
    return this.history.read(who, where, ticketId, query);
  }
}
