import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acting, type Principal } from '@app/auth';
import { checkIn, checkInTicket, checkInTicketAlias, type Admission, type CheckIn } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, ResourceAccess, type Location } from '../../authorization/authorization.module.js';
import { TicketCodes } from '../../tickets/tickets.module.js';
import type { PresentedCode } from '../check-in.js';
import { invalidCode } from '../refusal.js';
import { AdmitTicketCommand } from './admit-ticket.js';

@Controller()
export class AdmitTicketController {
  constructor(
    private readonly codes: TicketCodes,
    private readonly access: ResourceAccess,
    private readonly commands: CommandBus,
  ) {}

  @Operation(checkInTicket, checkInTicketAlias)
  admit(
    @Located() { tenantId }: Location,
    @Param('ticketId') ticketId: string,
    @Body() body: CheckIn,
  ): Promise<Admission> {
    const code = this.codes.read(body.code);
    if (code?.ticketId !== ticketId) throw invalidCode();
    return this.execute(tenantId, code, body);
  }

  /** The code alone names the ticket. Whoever has no role at its event learns nothing about it. */
  @Operation(checkIn)
  async admitByCode(@Acting() who: Principal, @Body() body: CheckIn): Promise<Admission> {
    const code = this.codes.read(body.code);
    const found = code && (await this.access.locateFor('ticket', code.ticketId, who));
    if (!code || !found?.role) throw invalidCode();
    return this.execute(found.tenantId, code, body);
  }

  private execute(tenantId: string, code: PresentedCode, { eventId, gate, scanId }: CheckIn): Promise<Admission> {
    return this.commands.execute(new AdmitTicketCommand(tenantId, code, { eventId, gate, scanId }));
  }
}
