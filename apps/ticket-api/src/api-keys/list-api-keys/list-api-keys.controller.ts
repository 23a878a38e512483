import { Controller, Query } from '@nestjs/common';
import { Id, listApiKeys, type ApiKeyView, type PageQuery } from '@app/contracts';
import { decodeCursor, encodeCursor, Operation } from '@app/http';
import { Database } from '@app/persistence';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ApiKeyStore } from '../api-key.store.js';

@Controller()
export class ListApiKeysController {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyStore,
  ) {}

  @Operation(listApiKeys)
  async list(
    @Located() { tenantId }: Location,
    @Query() { limit, cursor }: PageQuery,
  ): Promise<{ data: ApiKeyView[]; nextCursor: string | null }> {
    const before = decodeCursor(cursor, Id) ?? null;
    const found = await this.database.asTenant(tenantId, () => this.keys.page(before, limit + 1));
    const data = found.slice(0, limit);
    return { data, nextCursor: found.length > limit ? encodeCursor(data.at(-1)!.id) : null };
  }
}
