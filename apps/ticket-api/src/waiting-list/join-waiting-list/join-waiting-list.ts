import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { WaitingEntry } from '@app/contracts';
import { type Answer, RepeatableRequests, type RequestKey } from '@app/idempotency';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { v7 as uuid } from 'uuid';
import { ResourceAccess } from '../../authorization/authorization.module.js';
import { CONFIG, type Config } from '../../config.js';
import { checkoutLink, freeOf, SaleStore, StockStore, TenantOfEvent } from '../../orders/orders.module.js';
import { mayWait, type MayWait } from '../may-wait.js';
import { positionsOf } from '../positions.js';
import { toEntry } from '../waiting-entry.js';
import { WaitingListStore } from '../waiting-list.store.js';

export class JoinWaitingListCommand extends Command<Answer<WaitingEntry>> {
  constructor(
    readonly userId: string,
    readonly eventId: string,
    readonly ticketTypeId: string,
    readonly quantity: number,
    readonly key: RequestKey | undefined,
  ) {
    super();
  }
}

/** Under the lock of the event's counters, so that nobody waits for what is free, and everybody has one place. */
@CommandHandler(JoinWaitingListCommand)
export class JoinWaitingListHandler implements ICommandHandler<JoinWaitingListCommand> {
  constructor(
    private readonly database: Database,
    private readonly repeatable: RepeatableRequests,
    private readonly tenants: TenantOfEvent,
    private readonly access: ResourceAccess,
    private readonly stock: StockStore,
    private readonly sales: SaleStore,
    private readonly list: WaitingListStore,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({
    userId,
    eventId,
    ticketTypeId,
    quantity,
    key,
  }: JoinWaitingListCommand): Promise<Answer<WaitingEntry>> {
    const tenantId = await this.tenants.find(eventId);
    const event = tenantId && (await this.access.locate('event', eventId, userId));
    if (!event || (!event.isPublic && !event.role)) throw notFound('The event');
    return this.repeatable.answer({ tenantId, callerId: userId, key, status: 201 }, async () => {
      const counters = await this.stock.lockCounters(eventId);
      const sale = await this.sales.read(eventId);
      const type = sale.types.find((each) => each.ticketTypeId === ticketTypeId);
      const counter = counters.find(({ id }) => id === type?.counterId);
      if (!type || !counter) throw notFound('The ticket type');
      const { isVerified, ...facts } = await this.list.facts(eventId, ticketTypeId, userId);
      if (!isVerified) throw new ProblemError('email-not-verified');
      const units = await this.sales.units(eventId, [userId]);
      const decision = mayWait({
        ...facts,
        quantity,
        onSale: type.onSale,
        free: freeOf(counter),
        capacity: counter.capacity,
        maxPerOrder: type.maxPerOrder,
        maxPerBuyer: type.maxPerBuyer,
        has: units.get(userId)?.get(ticketTypeId) ?? 0,
      });
      if (!decision.granted) throw refusal(decision);
      const id = uuid();
      await this.list.add({ id, eventId, ticketTypeId, counterId: counter.id, userId, quantity });
      await this.stock.await(eventId, new Map([[counter.id, quantity]]));
      const entry = await this.list.find(id);
      const positions = await positionsOf(this.database.current(), [id]);
      return toEntry(entry!, positions.get(id) ?? null, (orderId) =>
        checkoutLink(orderId, { publicUrl: this.config.publicUrl, secret: this.config.checkoutLinkSecret }),
      );
    });
  }
}

function refusal(decision: Extract<MayWait, { granted: false }>): ProblemError {
  if (decision.code !== 'limit-exceeded') return new ProblemError(decision.code);
  const { limit, allowed } = decision;
  return new ProblemError('limit-exceeded', `You may wait for at most ${allowed} of these tickets.`, {
    limit,
    allowed,
  });
}
