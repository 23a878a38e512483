import { Body, Controller, Param } from '@nestjs/common';
import { validateTicket, type ValidateTicket, type Validation } from '@app/contracts';
import { Operation } from '@app/http';
import { Database } from '@app/persistence';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ReadTicket, TicketCodes } from '../../tickets/tickets.module.js';
import { judgeCheckIn } from '../check-in.js';
import { CheckInStore } from '../check-in.store.js';

@Controller()
export class ValidateTicketController {
  constructor(
    private readonly database: Database,
    private readonly codes: TicketCodes,
    private readonly store: CheckInStore,
    private readonly tickets: ReadTicket,
  ) {}

  /** What a gate would be told now. */
  @Operation(validateTicket)
  async validate(
    @Located() { tenantId }: Location,
    @Param('ticketId') ticketId: string,
    @Body() body: ValidateTicket,
  ): Promise<Validation> {
    const code = this.codes.read(body.code);
    if (code?.ticketId !== ticketId) return { valid: false, reason: 'invalid-code' };
    return this.database.asTenant(tenantId, async () => {
      const stored = await this.store.read(ticketId, undefined);
      // Who names no gate asks about the ticket alone.
      const rules = body.gate === undefined ? { ...stored.rules, gates: [] } : stored.rules;
      const verdict = judgeCheckIn({ code, ...stored, rules, at: { gate: body.gate } });
      if (verdict.verdict !== 'refuse') return { valid: true, ticket: await this.tickets.byId(tenantId, ticketId) };
      const reason = verdict.refusal.code;
      if (reason === 'invalid-code') return { valid: false, reason };
      return { valid: false, reason, ticket: await this.tickets.byId(tenantId, ticketId) };
    });
  }
}
