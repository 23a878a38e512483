import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acting, type Principal } from '@app/auth';
import { checkOut, checkOutTicket, type CheckIn, type Departure } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ReadScan } from '../read-scan.js';
import { CheckOutTicketCommand } from './check-out-ticket.js';

@Controller()
export class CheckOutTicketController {
  constructor(
    private readonly scans: ReadScan,
    private readonly commands: CommandBus,
  ) {}

  @Operation(checkOutTicket)
  async letOut(
    @Located() { tenantId }: Location,
    @Acting() who: Principal,
    @Param('ticketId') ticketId: string,
    @Body() body: CheckIn,
  ): Promise<Departure> {
    const scan = await this.scans.ofTicket(tenantId, ticketId, who, body);
    return this.commands.execute(new CheckOutTicketCommand(tenantId, scan));
  }

  @Operation(checkOut)
  async letOutByCode(@Acting() who: Principal, @Body() body: CheckIn): Promise<Departure> {
    const { tenantId, scan } = await this.scans.byCode(who, body);
    return this.commands.execute(new CheckOutTicketCommand(tenantId, scan));
  }
}
