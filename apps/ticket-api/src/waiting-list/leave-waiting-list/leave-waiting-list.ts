import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { EndOrder, OrderStore, StockStore } from '../../orders/orders.module.js';
import { statusOf } from '../waiting-entry.js';
import { WaitingListStore } from '../waiting-list.store.js';

export class LeaveWaitingListCommand extends Command<void> {
  constructor(
    readonly userId: string,
    readonly entryId: string,
  ) {
    super();
  }
}

/** Who has left has left, however often that is said. What was offered is given back as any hold is, and goes to the next. */
@CommandHandler(LeaveWaitingListCommand)
export class LeaveWaitingListHandler implements ICommandHandler<LeaveWaitingListCommand> {
  constructor(
    private readonly database: Database,
    private readonly list: WaitingListStore,
    private readonly orders: OrderStore,
    private readonly stock: StockStore,
    private readonly ending: EndOrder,
  ) {}

  /** @throws 404 for another person's entry; 409 `order-ended` for an offer that was paid: it is to be refunded. */
  async execute({ userId, entryId }: LeaveWaitingListCommand): Promise<void> {
    const entry = await this.database.asPerson(userId, () => this.list.find(entryId));
    if (!entry) throw notFound('The entry');
    await this.database.asTenant(entry.tenant_id, async () => {
      if (entry.status === 'waiting') {
        await this.stock.lockCounters(entry.event_id);
        for (const { counterId, units } of await this.list.end([entryId], 'left', null))
          await this.stock.await(entry.event_id, new Map([[counterId, -units]]));
      }
    });
    await this.database.asTenant(entry.tenant_id, () => this.giveBack(entryId));
  }

  /** Also what was offered in the moment before: it is looked at anew, its order before its counter. */
  private async giveBack(entryId: string): Promise<void> {
    const entry = await this.list.find(entryId);
    if (!entry?.order_id) return;
    const order = await this.orders.lock(entry.order_id);
    if (order?.status === 'pending') return this.ending.letGo(order, 'cancelled', 'buyer');
    if (statusOf({ status: entry.status, order_status: order?.status ?? null }) === 'bought')
      throw new ProblemError('order-ended', 'You have bought these tickets: give the order back instead.');
  }
}
