import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Admission as AdmissionView } from '@app/contracts';
import { judgeCheckIn, type Admission } from '../check-in.js';
import { CheckInStore } from '../check-in.store.js';
import { JudgedScan, Refused, type PresentedScan } from '../judged-scan.js';

export class AdmitTicketCommand {
  constructor(
    readonly tenantId: string,
    readonly scan: PresentedScan,
  ) {}
}

/** A ticket admits once. The gate that comes second is told where and when the first one was. */
@CommandHandler(AdmitTicketCommand)
export class AdmitTicketHandler implements ICommandHandler<AdmitTicketCommand> {
  constructor(
    private readonly scans: JudgedScan,
    private readonly store: CheckInStore,
  ) {}

  execute({ tenantId, scan }: AdmitTicketCommand): Promise<AdmissionView> {
    return this.scans.judge(tenantId, scan, () => this.attempt(scan));
  }

  private async attempt({ code, eventId, gate, scanId, by }: PresentedScan) {
    const stored = await this.store.read(code.ticketId, scanId);
    const verdict = judgeCheckIn({ code, ...stored, at: { eventId, gate } });
    if (verdict.verdict === 'refuse') return new Refused(verdict.refusal, stored.ticket);
    if (verdict.verdict === 'admitted-before') return toView(code.ticketId, verdict.first, verdict.reentry);
    const scan = { gate: verdict.gate, scanId, by };
    const isReentry = verdict.verdict === 'readmit';
    const admission = await (isReentry ? this.store.readmit(code, scan) : this.store.admit(code, scan));
    return admission && toView(code.ticketId, admission, isReentry);
  }
}

const toView = (ticketId: string, { checkedInAt, gate }: Admission, isReentry: boolean): AdmissionView => ({
  ...{ ticketId, status: 'checked_in', checkedInAt: checkedInAt.toISOString(), gate },
  ...(isReentry ? { reentry: true } : {}),
});
