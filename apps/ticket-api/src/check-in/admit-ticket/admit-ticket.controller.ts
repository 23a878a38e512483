import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acting, type Principal } from '@app/auth';
import { checkIn, checkInTicket, checkInTicketAlias, type Admission, type CheckIn } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ReadScan } from '../read-scan.js';
import { AdmitTicketCommand } from './admit-ticket.js';

@Controller()
export class AdmitTicketController {
  constructor(
    private readonly scans: ReadScan,
    private readonly commands: CommandBus,
  ) {}

  @Operation(checkInTicket, checkInTicketAlias)
  async admit(
    @Located() { tenantId }: Location,
    @Acting() who: Principal,
    @Param('ticketId') ticketId: string,
    @Body() body: CheckIn,
  ): Promise<Admission> {
    const scan = await this.scans.ofTicket(tenantId, ticketId, who, body);
    return this.commands.execute(new AdmitTicketCommand(tenantId, scan));
  }

  @Operation(checkIn)
  async admitByCode(@Acting() who: Principal, @Body() body: CheckIn): Promise<Admission> {
    const { tenantId, scan } = await this.scans.byCode(who, body);
    return this.commands.execute(new AdmitTicketCommand(tenantId, scan));
  }
}
