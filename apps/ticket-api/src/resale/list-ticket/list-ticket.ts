import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ticketListed, type Listing } from '@app/contracts';
import { type Answer, RepeatableRequests, type RequestKey } from '@app/idempotency';
import { Outbox } from '@app/messaging';
import { notFound, ProblemError } from '@app/problem-details';
import { v7 as uuid } from 'uuid';
import { OrderStore, StockStore, TicketStore } from '../../orders/orders.module.js';
import { factsOf, toListing } from '../listing-view.js';
import { ListingStore } from '../listing.store.js';
import { mayList } from '../may-list.js';

export class ListTicketCommand extends Command<Answer<Listing>> {
  constructor(
    readonly tenantId: string,
    readonly ticketId: string,
    readonly userId: string,
    readonly key: RequestKey | undefined,
  ) {
    super();
  }
}

/** The ticket admits nobody from now on and its unit is back, for who waits first; no money moves. */
@CommandHandler(ListTicketCommand)
export class ListTicketHandler implements ICommandHandler<ListTicketCommand> {
  constructor(
    private readonly repeatable: RepeatableRequests,
    private readonly orders: OrderStore,
    private readonly tickets: TicketStore,
    private readonly listings: ListingStore,
    private readonly stock: StockStore,
    private readonly outbox: Outbox,
  ) {}

  execute({ tenantId, ticketId, userId, key }: ListTicketCommand): Promise<Answer<Listing>> {
    return this.repeatable.answer({ tenantId, callerId: userId, key, status: 201 }, async () => {
      const orderId = await this.tickets.orderOf(ticketId);
      const order = orderId && (await this.orders.lock(orderId));
      const ticket = order && (await this.listings.lockTicket(ticketId));
      if (!ticket) throw notFound('The ticket');
      const { ticketTypeId, counterId, paid: price, ...facts } = ticket;
      // Who asks was its holder before it was locked.
      const isPayers = facts.isPayers && order.buyer.id === userId;
      const decision = mayList({ ...facts, isPayers, paid: price });
      if (!decision.granted) throw new ProblemError(decision.code);
      const listing = { id: uuid(), ticketId, price };
      const { id: eventId } = order.event;
      await this.listings.list({ ...listing, orderId, eventId, ticketTypeId, counterId });
      await this.outbox.add(ticketListed, { tenantId, data: factsOf(order, listing) });
      const listed = await this.listings.latestOf(ticketId);
      await this.stock.release(new Map([[counterId, 1]]));
      return toListing(listed!);
    });
  }
}
