import { Controller, Param, Query } from '@nestjs/common';
import { Id, listCheckinConflicts, type CheckinConflict, type PageQuery } from '@app/contracts';
import { decodeCursor, encodeCursor, Operation } from '@app/http';
import { Database } from '@app/persistence';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ReadConflicts } from './read-conflicts.js';

@Controller()
export class ListConflictsController {
  constructor(
    private readonly database: Database,
    private readonly conflicts: ReadConflicts,
  ) {}

  @Operation(listCheckinConflicts)
  async list(
    @Located() { tenantId }: Location,
    @Param('eventId') eventId: string,
    @Query() { limit, cursor }: PageQuery,
  ): Promise<{ data: CheckinConflict[]; nextCursor: string | null }> {
    const after = decodeCursor(cursor, Id) ?? null;
    const found = await this.database.asTenant(tenantId, () => this.conflicts.page(eventId, after, limit + 1));
    const shown = found.slice(0, limit);
    return {
      data: shown.map(({ ticketId, number, counts, others }) => ({ ticketId, number, counts, others })),
      nextCursor: found.length > limit ? encodeCursor(shown.at(-1)!.key) : null,
    };
  }
}
