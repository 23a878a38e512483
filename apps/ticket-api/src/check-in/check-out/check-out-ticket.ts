import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Departure } from '@app/contracts';
import { CheckInStore } from '../check-in.store.js';
import { JudgedScan, Refused, type PresentedScan } from '../judged-scan.js';
import { judgeCheckOut } from './check-out.js';

export class CheckOutTicketCommand {
  constructor(
    readonly tenantId: string,
    readonly scan: PresentedScan,
  ) {}
}

/** Who goes out with the word to come back: the next scan at a gate admits again. */
@CommandHandler(CheckOutTicketCommand)
export class CheckOutTicketHandler implements ICommandHandler<CheckOutTicketCommand> {
  constructor(
    private readonly scans: JudgedScan,
    private readonly store: CheckInStore,
  ) {}

  execute({ tenantId, scan }: CheckOutTicketCommand): Promise<Departure> {
    return this.scans.judge(tenantId, scan, () => this.attempt(scan));
  }

  private async attempt({ code, eventId, gate: named, scanId, by }: PresentedScan) {
    const gate = named ?? null;
    const stored = await this.store.read(code.ticketId, scanId);
    const verdict = judgeCheckOut({ code, ...stored, at: { eventId } });
    if (verdict.verdict === 'refuse') return new Refused(verdict.refusal, stored.ticket);
    if (verdict.verdict === 'left-before') return toView(code.ticketId, verdict.first);
    const leftAt = await this.store.letOut(code, { gate, scanId, by });
    return leftAt && toView(code.ticketId, { leftAt, gate });
  }
}

const toView = (ticketId: string, { leftAt, gate }: { leftAt: Date; gate: string | null }): Departure => ({
  ...{ ticketId, status: 'checked_in', leftAt: leftAt.toISOString(), gate },
});
