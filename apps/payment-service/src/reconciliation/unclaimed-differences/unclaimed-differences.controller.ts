import { Body, Controller, Inject, Param, Query } from '@nestjs/common';
import { Caller, type Identity } from '@app/auth';
import {
  Id,
  listUnclaimedDifferences,
  settleDifference,
  type SettleDifference,
  type UnclaimedDifference,
  type UnclaimedQuery,
} from '@app/contracts';
import { decodeCursor, encodeCursor, Operation } from '@app/http';
import { UnclaimedDifferences } from './unclaimed-differences.store.js';

@Controller()
export class UnclaimedDifferencesController {
  constructor(@Inject(UnclaimedDifferences) private readonly differences: UnclaimedDifferences) {}

  @Operation(listUnclaimedDifferences)
  async list(
    @Query() { limit, cursor, status }: UnclaimedQuery,
  ): Promise<{ data: UnclaimedDifference[]; nextCursor: string | null }> {
    const found = await this.differences.list(decodeCursor(cursor, Id) ?? null, status ?? null, limit + 1);
    const data = found.slice(0, limit);
    return { data, nextCursor: found.length > limit ? encodeCursor(data.at(-1)!.id) : null };
  }

  @Operation(settleDifference)
  settle(
    @Param('differenceId') id: string,
    @Caller() { userId }: Identity,
    @Body() { note }: SettleDifference,
  ): Promise<UnclaimedDifference> {
    return this.differences.settle(id, userId, note);
  }
}
