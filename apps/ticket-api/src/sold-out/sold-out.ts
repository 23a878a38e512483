import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { openCache, type Cache, type Lease } from '@app/caching';
import { Database } from '@app/persistence';
import { z } from 'zod';
import { CONFIG, type Config } from '../config.js';

/** Milliseconds that a flag stands at most. */
const TIME_TO_LIVE = 1_000;
const MOST = { entries: 10_000 };

/** A ticket type on sale of which nothing was left, with all that a refusal says. */
const SoldOutType = z.object({
  ticketTypeId: z.string(),
  counterId: z.string(),
  name: z.string(),
  price: z.number(),
  onSale: z.literal(true),
  maxPerOrder: z.number(),
  maxPerBuyer: z.number().nullable(),
});
export type SoldOutType = z.infer<typeof SoldOutType>;

/**
 * Which ticket types of an event had nothing left a moment ago: a flag that every release clears, and never more than a
 * hint. Wrong for a moment at most, and then only for an order that would have been refused just before.
 */
@Injectable()
export class SoldOut implements OnApplicationShutdown {
  private readonly flags: Cache<readonly SoldOutType[]>;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) { redis }: Config,
  ) {
    const shared = z.array(SoldOutType);
    this.flags = openCache({ name: 'sold-out', timeToLive: TIME_TO_LIVE, most: MOST, shared }, redis);
  }

  of(eventId: string): readonly SoldOutType[] {
    return this.flags.get(eventId) ?? [];
  }

  /** To be taken before the stock is read. */
  lease(eventId: string): Lease {
    return this.flags.lease(eventId);
  }

  /** What the open transaction leaves of an event, once it is committed. */
  found(lease: Lease, types: readonly SoldOutType[]): void {
    if (types.length > 0) this.database.current().afterCommit(() => this.flags.put(lease, types));
  }

  /** The open transaction gives stock back, or changes what is sold; once it is committed, the database is asked again. */
  changed(eventId: string): void {
    this.database.current().afterCommit(() => this.flags.drop(eventId));
  }

  onApplicationShutdown(): void {
    this.flags.close();
  }
}
