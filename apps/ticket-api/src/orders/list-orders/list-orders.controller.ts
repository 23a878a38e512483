import { Controller, Query } from '@nestjs/common';
import { Caller, type Identity } from '@app/auth';
import { listOrders, type Order, type PageQuery } from '@app/contracts';
import { decodeCursor, encodeCursor, Operation } from '@app/http';
import { Database } from '@app/persistence';
import { z } from 'zod';
import { OrderStore } from '../order.store.js';
import { OrderView } from '../order-view.js';

@Controller()
export class ListOrdersController {
  constructor(
    private readonly database: Database,
    private readonly orders: OrderStore,
    private readonly view: OrderView,
  ) {}

  /** Newest first; ids grow with time, so new orders do not move a page. */
  @Operation(listOrders)
  list(
    @Caller() who: Identity,
    @Query() { limit, cursor }: PageQuery,
  ): Promise<{ data: Order[]; nextCursor: string | null }> {
    const before = decodeCursor(cursor, z.uuid()) ?? null;
    return this.database.asPerson(who.userId, async () => {
      const found = await this.orders.ofBuyer(who.userId, { before, limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        data: await this.view.of(page),
        nextCursor: found.length > limit && last ? encodeCursor(last.id) : null,
      };
    });
  }
}
