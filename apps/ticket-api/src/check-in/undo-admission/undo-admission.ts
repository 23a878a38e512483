import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Ticket } from '@app/contracts';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { ReadTicket } from '../../tickets/tickets.module.js';
import { ScanIdTaken } from '../check-in.store.js';
import { refusalOf } from '../refusal.js';
import type { ScannedBy } from '../scan-log/scan-log.js';
import { UndoStore } from './undo.store.js';

export class UndoAdmissionCommand {
  constructor(
    readonly tenantId: string,
    readonly ticketId: string,
    readonly undo: { reason: string; scanId: string | undefined; by: ScannedBy },
  ) {}
}

/**
 * Takes an admission back: the ticket is as it was before anybody entered with it, and admits again. Said by somebody, with
 * the reason, in the scan log; the audit log has that it was done.
 */
@CommandHandler(UndoAdmissionCommand)
export class UndoAdmissionHandler implements ICommandHandler<UndoAdmissionCommand> {
  constructor(
    private readonly database: Database,
    private readonly store: UndoStore,
    private readonly tickets: ReadTicket,
    private readonly audit: AuditLog,
  ) {}

  async execute(command: UndoAdmissionCommand): Promise<Ticket> {
    return this.attempt(command).catch((error: unknown) => {
      if (error instanceof ScanIdTaken) return this.attempt(command);
      throw error;
    });
  }

  private attempt({ tenantId, ticketId, undo }: UndoAdmissionCommand): Promise<Ticket> {
    return this.database.asTenant(tenantId, async () => {
      await this.store.lockOrderOf(ticketId);
      const before = undo.scanId === undefined ? undefined : await this.store.scanOf(undo.scanId);
      if (before && (before.ticketId !== ticketId || before.result !== 'undone'))
        throw refusalOf({ code: 'scan-id-reused' });
      // Sent again: it was undone, whatever has become of the ticket since.
      if (before) return this.tickets.byId(tenantId, ticketId);
      const undone = await this.store.undo(ticketId, undo);
      if (!undone) throw await this.whyNot(ticketId);
      await this.audit.record({
        action: 'admission.undone',
        target: { kind: 'ticket', id: ticketId },
        detail: { eventId: undone.eventId, checkedInAt: undone.checkedInAt.toISOString(), gate: undone.gate },
      });
      return this.tickets.byId(tenantId, ticketId);
    });
  }

  private async whyNot(ticketId: string): Promise<ProblemError> {
    if (await this.store.wasPaidBack(ticketId))
      return new ProblemError('ticket-void', 'The money for this ticket went back after it was used: it stays used.');
    return new ProblemError('not-checked-in');
  }
}
