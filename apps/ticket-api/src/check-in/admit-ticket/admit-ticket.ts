import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Admission } from '@app/contracts';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { judgeCheckIn, type PresentedCode, type Verdict } from '../check-in.js';
import { CheckInStore, type Entry } from '../check-in.store.js';
import { refusalOf } from '../refusal.js';

export class AdmitTicketCommand {
  constructor(
    readonly tenantId: string,
    readonly code: PresentedCode,
    readonly entry: Entry & { eventId: string | undefined },
  ) {}
}

/** A ticket admits once. The gate that comes second is told where and when the first one was. */
@CommandHandler(AdmitTicketCommand)
export class AdmitTicketHandler implements ICommandHandler<AdmitTicketCommand> {
  constructor(
    private readonly database: Database,
    private readonly store: CheckInStore,
  ) {}

  execute(command: AdmitTicketCommand): Promise<Admission> {
    const { tenantId, code, entry } = command;
    return this.database.asTenant(tenantId, async () => {
      const before = await this.judge(command);
      if (before.verdict === 'admitted-before') return toAdmission(code, before.first);
      const admitted = await this.store.admit(code, entry);
      if (admitted?.recorded === false) throw refusalOf({ code: 'scan-id-reused' });
      if (admitted) return toAdmission(code, admitted);
      // Another gate was quicker; what it did can be read by now.
      const after = await this.judge(command);
      if (after.verdict === 'admitted-before') return toAdmission(code, after.first);
      throw new ProblemError('service-unavailable', 'The ticket is changing: scan it again.');
    });
  }

  /** @throws ProblemError when the ticket is refused. */
  private async judge({ code, entry }: AdmitTicketCommand): Promise<Exclude<Verdict, { verdict: 'refuse' }>> {
    const stored = await this.store.read(code.ticketId, entry.scanId);
    const verdict = judgeCheckIn({ code, ...stored, gateEventId: entry.eventId });
    if (verdict.verdict === 'refuse') throw refusalOf(verdict.refusal);
    return verdict;
  }
}

const toAdmission = (
  { ticketId }: PresentedCode,
  { checkedInAt, gate }: { checkedInAt: Date; gate: string | null },
) => ({
  ticketId,
  status: 'checked_in' as const,
  checkedInAt: checkedInAt.toISOString(),
  gate,
});
