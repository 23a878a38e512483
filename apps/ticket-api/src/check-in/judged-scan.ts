import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import type { PresentedCode, Refusal, StoredTicket } from './check-in.js';
import { ScanIdTaken } from './check-in.store.js';
import { refusalOf } from './refusal.js';
import { ScanLog, type ScannedBy } from './scan-log/scan-log.js';

/** What came from a gate, after the code was read. */
export interface PresentedScan {
  code: PresentedCode;
  eventId: string | undefined;
  gate: string | undefined;
  scanId: string | undefined;
  by: ScannedBy;
}

export class Refused {
  constructor(
    readonly refusal: Refusal,
    readonly ticket: StoredTicket | undefined,
  ) {}
}

/** Each one is a gate that was quicker, or an undo: more of them in one moment there are not. */
const ATTEMPTS = 5;

/** A scan in its transaction: judged again when it lost a race, and in the log when it was refused. */
@Injectable()
export class JudgedScan {
  constructor(
    private readonly database: Database,
    private readonly log: ScanLog,
  ) {}

  /**
   * @param attempt reads, judges and acts; undefined when what it read had changed by then
   * @throws ProblemError when the scan is refused
   */
  async judge<Answer>(
    tenantId: string,
    scan: PresentedScan,
    attempt: () => Promise<Answer | Refused | undefined>,
  ): Promise<Answer> {
    for (let count = 0; count < ATTEMPTS; count += 1) {
      const outcome = await this.database
        .asTenant(tenantId, async () => {
          const judged = await attempt();
          if (judged instanceof Refused) await this.note(judged, scan);
          return judged;
        })
        .catch((error: unknown) => {
          if (error instanceof ScanIdTaken) return undefined;
          throw error;
        });
      if (outcome instanceof Refused) throw refusalOf(outcome.refusal);
      if (outcome !== undefined) return outcome;
    }
    throw new ProblemError('service-unavailable', 'The ticket is changing: scan it again.');
  }

  private async note({ refusal, ticket }: Refused, { code, scanId, gate, by }: PresentedScan): Promise<void> {
    const scan = { scanId, gate, reason: refusal.code, by };
    if (ticket) await this.log.refused({ id: code.ticketId, eventId: ticket.eventId }, scan);
  }
}
