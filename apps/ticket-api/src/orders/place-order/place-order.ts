import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Order, PlaceOrder } from '@app/contracts';
import { requestContext } from '@app/observability';
import { notFound } from '@app/problem-details';
import { CONFIG, type Config } from '../../config.js';
import { GroupCommit } from '@app/grouping';
import type { Answer, RequestKey } from '@app/idempotency';
import { PlaceOrders } from './place-orders.js';
import type { Placing } from './placing.js';
import { TenantOfEvent } from './tenant-of-event.js';

export class PlaceOrderCommand {
  constructor(
    readonly buyer: { id: string; name: string; email: string },
    readonly wish: PlaceOrder,
    readonly key: RequestKey | undefined,
  ) {}
}

/** Holds tickets. Orders for one event that wait at the same moment share a transaction. */
@CommandHandler(PlaceOrderCommand)
export class PlaceOrderHandler implements ICommandHandler<PlaceOrderCommand> {
  private readonly groups: GroupCommit<Placing, Answer<Order>>;

  constructor(
    private readonly tenants: TenantOfEvent,
    orders: PlaceOrders,
    @Inject(CONFIG) { ordering }: Config,
  ) {
    this.groups = new GroupCommit((eventId, placings) => orders.place(eventId, placings), ordering);
  }

  /** @throws ProblemError when the order is refused, or so many wait that it would wait too long (503) */
  async execute({ buyer, wish, key }: PlaceOrderCommand): Promise<Answer<Order>> {
    const tenantId = await this.tenants.find(wish.eventId);
    if (!tenantId) throw notFound('The event');
    return this.groups.submit(wish.eventId, { tenantId, buyer, wish, key, context: requestContext.getStore() });
  }
}
