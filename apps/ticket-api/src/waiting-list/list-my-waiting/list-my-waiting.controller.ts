import { Controller, Inject, Query } from '@nestjs/common';
import { Caller, type Identity } from '@app/auth';
import { listMyWaiting, type PageQuery, type WaitingEntry } from '@app/contracts';
import { decodeCursor, encodeCursor, Operation } from '@app/http';
import { Database } from '@app/persistence';
import { z } from 'zod';
import { CONFIG, type Config } from '../../config.js';
import { checkoutLink } from '../../orders/orders.module.js';
import { positionsOf } from '../positions.js';
import { ENTRY, toEntry, type EntryRow } from '../waiting-entry.js';

@Controller()
export class ListMyWaitingController {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Newest first; ids grow with time, so new entries do not move a page. */
  @Operation(listMyWaiting)
  async list(
    @Caller() { userId }: Identity,
    @Query() { limit, cursor }: PageQuery,
  ): Promise<{ data: WaitingEntry[]; nextCursor: string | null }> {
    const before = decodeCursor(cursor, z.uuid()) ?? null;
    const found = await this.database.asPerson(userId, (transaction) =>
      transaction.query<EntryRow>(
        `${ENTRY} where w.user_id = $1 and ($2::uuid is null or w.id < $2) order by w.id desc limit $3`,
        [userId, before, limit + 1],
      ),
    );
    const page = found.slice(0, limit);
    const positions = await this.positions(page.filter(({ status }) => status === 'waiting'));
    const last = page.at(-1);
    const { publicUrl, checkoutLinkSecret: secret } = this.config;
    return {
      data: page.map((row) =>
        toEntry(row, positions.get(row.id) ?? null, (orderId) => checkoutLink(orderId, { publicUrl, secret })),
      ),
      nextCursor: found.length > limit && last ? encodeCursor(last.id) : null,
    };
  }

  /** The others in line are the tenant's to count: one look for each organization. */
  private async positions(waiting: readonly EntryRow[]): Promise<Map<string, number>> {
    const tenants = new Map<string, string[]>();
    for (const { id, tenant_id: tenant } of waiting) tenants.set(tenant, [...(tenants.get(tenant) ?? []), id]);
    const all = new Map<string, number>();
    for (const [tenantId, ids] of tenants)
      for (const [id, position] of await this.database.asTenant(tenantId, (transaction) =>
        positionsOf(transaction, ids),
      ))
        all.set(id, position);
    return all;
  }
}
