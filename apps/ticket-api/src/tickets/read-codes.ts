import { Injectable } from '@nestjs/common';
import type { Ticket } from '@app/contracts';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { expiryOf, startOf, stepAt } from '@app/ticket-codes';
import { refuseUnusable } from './refuse-unusable.js';
import { TicketCodes, type Codable } from './ticket-codes.js';

interface CodeRow {
  eventId: string;
  eventStatus: string;
  holderVersion: number;
  generation: number;
  status: Ticket['status'];
  now: Date;
}

interface CodeOfStep {
  code: string;
  /** From when on it is the one to show. */
  showFrom: Date;
  expiresAt: Date;
}

/** A ticket and who has to hold it when it is read: since the look at the path it may have been handed on. */
interface Held {
  tenantId: string;
  ticketId: string;
  /** Null: anybody. */
  holderId: string | null;
}

/** How far ahead codes may be fetched: a day at a festival, from the hotel. */
const AHEAD_HOURS = 12;

/** The codes of a ticket, made anew at every call: they are stored nowhere. Steps are those of the database's clock. */
@Injectable()
export class ReadCodes {
  constructor(
    private readonly database: Database,
    private readonly codes: TicketCodes,
  ) {}

  /** The static one. @throws 409 `ticket-void`, `ticket-frozen`. */
  async ofPaper(held: Held): Promise<{ code: string; expiresAt: null }> {
    const { ticket } = await this.read(held);
    return { code: this.codes.signStatic(ticket), expiresAt: null };
  }

  /** The rotating one of the present step. @throws 409 `ticket-void`, `ticket-frozen`. */
  async ofNow(held: Held): Promise<CodeOfStep> {
    const { ticket, now } = await this.read(held);
    return this.ofStep(ticket, stepAt(now), 1).then(([code]) => code as CodeOfStep);
  }

  /**
   * The rotating ones of so many steps, from the one that `from` lies in; steps that are over are left out and not made up
   * for by later ones, so a clock that is a little slow does no harm.
   * @throws 409 `ticket-void`, `ticket-frozen`; 422 when `from` is too far ahead
   */
  async ahead(
    held: Held,
    { from, steps }: { from: Date | undefined; steps: number },
  ): Promise<{ now: Date; codes: CodeOfStep[] }> {
    const { ticket, now } = await this.read(held);
    if (from && from.getTime() - now.getTime() > AHEAD_HOURS * 3_600_000)
      throw new ProblemError('validation-failed', undefined, {
        errors: [{ path: 'from', message: `is at most ${AHEAD_HOURS} hours ahead` }],
      });
    const first = Math.max(stepAt(now), from ? stepAt(from) : 0);
    return { now, codes: await this.ofStep(ticket, first, steps) };
  }

  private async ofStep(ticket: Codable, first: number, count: number): Promise<CodeOfStep[]> {
    const codes = await this.codes.signSteps(ticket, first, count);
    return codes.map((code, n) => ({ code, showFrom: startOf(first + n), expiresAt: expiryOf(first + n) }));
  }

  /** @throws 404 to anybody but the holder; 409 `ticket-void`, `ticket-frozen`. */
  private async read({ tenantId, ticketId, holderId }: Held): Promise<{ ticket: Codable; now: Date }> {
    const [row] = await this.database.asTenant(tenantId, (transaction) =>
      transaction.query<CodeRow>(
        `select t.event_id as "eventId", t.holder_version as "holderVersion", t.status, e.status as "eventStatus",
           e.code_generation as generation, now() as now
         from tickets t join events e on e.tenant_id = t.tenant_id and e.id = t.event_id where t.id = $1 and ($2::uuid is null or t.holder_id = $2)`,
        [ticketId, holderId],
      ),
    );
    if (!row) throw notFound('The ticket');
    const { eventId, eventStatus, holderVersion, generation, status, now } = row;
    refuseUnusable(status, eventStatus);
    return { ticket: { ticketId, eventId, holderVersion, generation }, now };
  }
}
