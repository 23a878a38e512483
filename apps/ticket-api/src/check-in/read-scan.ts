import { Injectable } from '@nestjs/common';
import type { Principal } from '@app/auth';
import type { CheckIn } from '@app/contracts';
import { Database } from '@app/persistence';
import { ResourceAccess } from '../authorization/authorization.module.js';
import { TicketCodes } from '../tickets/tickets.module.js';
import type { PresentedScan } from './judged-scan.js';
import { invalidCode } from './refusal.js';
import { ScanLog, scannedBy } from './scan-log/scan-log.js';

/** From what a gate sent to what is judged. A code that is none is refused here, and is in the log without a ticket. */
@Injectable()
export class ReadScan {
  constructor(
    private readonly codes: TicketCodes,
    private readonly access: ResourceAccess,
    private readonly database: Database,
    private readonly log: ScanLog,
  ) {}

  /** The path names the ticket, at whose event the caller has a role. @throws ProblemError `invalid-code` */
  async ofTicket(tenantId: string, ticketId: string, who: Principal, { code, ...at }: CheckIn): Promise<PresentedScan> {
    const by = scannedBy(who);
    const facts = this.codes.read(code);
    if (facts?.ticketId === ticketId) return { code: facts, ...whereOf(at), by };
    const refused = { ...whereOf(at), reason: 'invalid-code', by } as const;
    await this.database.asTenant(tenantId, () => this.log.refusedInstead(ticketId, refused));
    throw invalidCode();
  }

  /**
   * The code alone names the ticket. Whoever has no role at its event learns nothing about it.
   * @throws ProblemError `invalid-code`
   */
  async byCode(who: Principal, { code, ...at }: CheckIn): Promise<{ tenantId: string; scan: PresentedScan }> {
    const by = scannedBy(who);
    const facts = this.codes.read(code);
    const found = facts && (await this.access.locateFor('ticket', facts.ticketId, who));
    if (facts && found?.role) return { tenantId: found.tenantId, scan: { code: facts, ...whereOf(at), by } };
    const { eventId } = at;
    const gateOf = eventId === undefined ? null : await this.access.locateFor('event', eventId, who);
    // Of a stranger nothing is kept: who has no role at the event that is named writes into nobody's log.
    if (eventId !== undefined && gateOf?.role) {
      const refused = { ...whereOf(at), reason: 'invalid-code', by } as const;
      await this.database.asTenant(gateOf.tenantId, () => this.log.refusedUnknown(eventId, refused));
    }
    throw invalidCode();
  }
}

const whereOf = ({ eventId, gate, scanId }: Omit<CheckIn, 'code'>) => ({ eventId, gate, scanId });
