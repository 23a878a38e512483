import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database, OneAtATime } from '@app/persistence';
import { SaleStore, StockStore, type Counter } from '../../orders/orders.module.js';
import { serve } from '../waiting-line.js';
import { WaitingListStore, type Freed, type InLine } from '../waiting-list.store.js';
import { PlaceOffers } from './place-offers.js';

const EVERY = 1_000;
/** Events that one look serves at most. */
const EVENTS = 20;
/** Entries of each counter that one look serves at most. */
const BATCH = 100;

interface DueEvent {
  id: string;
  tenant_id: string;
}

/**
 * Offers what came back to those who wait. What is due stands in the rows: a counter with something free and something
 * awaited; nobody else can take it meanwhile, so a crash at any point costs a second and nothing else. Every replica may do
 * it: whoever has the lock of the counters serves their line.
 */
@Injectable()
export class OfferReturned implements BeforeApplicationShutdown {
  private readonly log = new Logger(OfferReturned.name);
  private readonly looks = new OneAtATime(() => this.look(), this.log);

  constructor(
    private readonly database: Database,
    private readonly stock: StockStore,
    private readonly sales: SaleStore,
    private readonly list: WaitingListStore,
    private readonly offers: PlaceOffers,
  ) {}

  @Interval(EVERY)
  wake(): void {
    this.looks.wake();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.looks.stop();
  }

  /** One look; true when more may be due at once. One event that cannot be served does not keep the others waiting. */
  async look(batch = BATCH): Promise<boolean> {
    const due = await this.database.asJob((transaction) => transaction.query<DueEvent>(DUE, [EVENTS]));
    let isMore = false;
    for (const { id, tenant_id: tenantId } of due) {
      const work = () => this.serveEvent(tenantId, id, batch);
      const served = await this.database.asTenant(tenantId, work).catch((error: unknown) => {
        this.log.error(`The waiting list of event ${id} could not be served; the next look tries again`, error);
        return false;
      });
      isMore ||= served;
    }
    return isMore;
  }

  /** @returns whether somebody was offered something: then others may be next */
  private async serveEvent(tenantId: string, eventId: string, batch: number): Promise<boolean> {
    const counters = await this.stock.lockCounters(eventId);
    await this.free(eventId, await this.list.endWhatIsOver(eventId));
    const sale = await this.sales.read(eventId);
    const onSale = new Set(sale.types.filter((type) => type.onSale).map(({ ticketTypeId }) => ticketTypeId));
    const waiting = (await this.list.firstInLine(eventId, batch)).filter(({ ticketTypeId }) =>
      onSale.has(ticketTypeId),
    );
    const turns: InLine[] = [];
    for (const counter of counters) turns.push(...(await this.turnsOf(eventId, counter, waiting, sale.now)));
    return turns.length > 0 && (await this.offers.place({ tenantId, sale, counters }, turns));
  }

  /** Who is next at one counter, and what becomes of those who want more than there is. */
  private async turnsOf(eventId: string, counter: Counter, waiting: readonly InLine[], now: Date): Promise<InLine[]> {
    const line = waiting.filter(({ counterId }) => counterId === counter.id);
    const turn = serve(line, counter.capacity - counter.taken, now);
    if (turn.saving) await this.list.saveFor(turn.saving);
    if (turn.aside.length > 0) await this.free(eventId, await this.list.stepAside(turn.aside));
    return line.filter(({ id }) => turn.offered.includes(id));
  }

  private free(eventId: string, freed: Freed): Promise<void> {
    return this.stock.await(eventId, new Map(freed.map(({ counterId, units }) => [counterId, -units])));
  }
}

/** Those with something to offer, and those of whose lists an end is due; a suspended organization sells nothing meanwhile. */
const DUE = `
  with over as (
    select distinct w.event_id from users u join waiting_list_entries w on w.user_id = u.id
    where u.erased_at > now() - interval '1 day' and w.status = 'waiting'
  ), due as (
    select c.event_id from stock_counters c join events e on e.tenant_id = c.tenant_id and e.id = c.event_id
    where c.awaited > 0 and (c.taken < c.capacity or e.status = 'cancelled' or e.ends_at <= now() or not e.waiting_list
      or exists (select from ticket_types t where t.tenant_id = c.tenant_id and t.counter_id = c.id and t.sales_end_at <= now()))
      and (not e.suspended or e.status = 'cancelled' or e.ends_at <= now())
    union
    select w.event_id from waiting_list_entries w
    join stock_counters c on c.tenant_id = w.tenant_id and c.id = w.counter_id
    join events e on e.tenant_id = w.tenant_id and e.id = w.event_id
    where w.status = 'waiting' and not w.counted and not e.suspended and (c.taken + w.quantity <= c.capacity
      or e.status = 'cancelled' or e.ends_at <= now() or not e.waiting_list)
    union
    select event_id from over
  )
  select e.id, e.tenant_id from due join events e on e.id = due.event_id order by random() limit $1`;
