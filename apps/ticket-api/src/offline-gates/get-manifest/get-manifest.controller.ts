import { Controller, Param, Query } from '@nestjs/common';
import { Acting, isApiKey, type Principal } from '@app/auth';
import { getCheckinManifest, type CheckinManifest, type ManifestQuery } from '@app/contracts';
import { Operation } from '@app/http';
import { Database } from '@app/persistence';
import { CODE_STEP_SECONDS, CODE_TOLERANCE_STEPS } from '@app/ticket-codes';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { DeviceStore } from '../../devices/devices.module.js';
import { TicketCodes } from '../../tickets/tickets.module.js';
import { ManifestStore, type ManifestRules } from './manifest.store.js';
import { readPosition, writeCursor, writeSince, type Position } from './position.js';

@Controller()
export class GetManifestController {
  constructor(
    private readonly database: Database,
    private readonly store: ManifestStore,
    private readonly devices: DeviceStore,
    private readonly codes: TicketCodes,
  ) {}

  @Operation(getCheckinManifest)
  async read(
    @Located() { tenantId }: Location,
    @Acting() principal: Principal,
    @Param('eventId') eventId: string,
    @Query() query: ManifestQuery,
  ): Promise<CheckinManifest> {
    const given = readPosition(eventId, query);
    const { rules, position, tickets } = await this.database.asTenant(tenantId, async () => {
      // First: what is not seen by the statements that follow is of a transaction that this one sees running.
      const read = await this.page(eventId, given, query.limit);
      const isWhole = read.tickets.length <= query.limit;
      if (isWhole && isApiKey(principal) && principal.device)
        await this.devices.noteSync(principal.keyId, { clockDifferenceMs: null });
      return read;
    });
    const keys = await this.codes.publicKeys(eventId, rules);
    const { history, next, after, since } = position;
    const shown = tickets.slice(0, query.limit);
    const last = tickets.length > query.limit ? shown.at(-1) : undefined;
    return {
      ...{ eventId, at: rules.now.toISOString() },
      keys: keys.filter(({ status }) => status !== 'revoked').map(({ status: _, ...key }) => key),
      ...{ stepSeconds: CODE_STEP_SECONDS, toleranceSteps: CODE_TOLERANCE_STEPS },
      ...{ reentryAllowed: rules.reentryAllowed, gates: rules.gates, ticketTypes: rules.ticketTypes },
      fromStart: since === null && after === null,
      tickets: shown,
      nextCursor: last ? writeCursor(eventId, { history, next, after: last.id, since }) : null,
      since: writeSince(eventId, history, next),
    };
  }

  private async page(eventId: string, given: Position | undefined, limit: number) {
    const rules = await this.store.rules(eventId);
    const position = positionIn(rules, given);
    const { after, since } = position;
    const tickets = await (since === null
      ? this.store.all(eventId, after, limit + 1)
      : this.store.changedSince(eventId, since, after, limit + 1));
    return { rules, position, tickets };
  }
}

/** Numbers of transactions of another history mean nothing in this one: the manifest begins anew. */
function positionIn(
  { history, oldestRunning }: ManifestRules,
  given: Position | undefined,
): Required<Position> & { next: string } {
  if (given?.history !== history) return { history, next: oldestRunning, after: null, since: null };
  return { ...given, next: given.next ?? oldestRunning };
}
