import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ticketListingEnded, type Listing } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { OrderStore, StockStore, TicketStore } from '../../orders/orders.module.js';
import { factsOf, toListing } from '../listing-view.js';
import { ListingStore } from '../listing.store.js';

export class WithdrawTicketCommand extends Command<Listing> {
  constructor(
    readonly tenantId: string,
    readonly ticketId: string,
  ) {
    super();
  }
}

/** The seller takes the ticket back, if its unit can be taken again: before those who wait, but not from who holds or has bought it. */
@CommandHandler(WithdrawTicketCommand)
export class WithdrawTicketHandler implements ICommandHandler<WithdrawTicketCommand> {
  constructor(
    private readonly database: Database,
    private readonly orders: OrderStore,
    private readonly tickets: TicketStore,
    private readonly listings: ListingStore,
    private readonly stock: StockStore,
    private readonly outbox: Outbox,
  ) {}

  /** Withdrawing again changes nothing. @throws 409 `not-listed`, `resale-under-way`. */
  execute({ tenantId, ticketId }: WithdrawTicketCommand): Promise<Listing> {
    return this.database.asTenant(tenantId, async () => {
      const orderId = await this.tickets.orderOf(ticketId);
      const order = orderId && (await this.orders.lock(orderId));
      if (!order) throw notFound('The ticket');
      await this.tickets.lockOf(order.id);
      const listing = await this.listings.latestOf(ticketId);
      if (listing?.status === 'withdrawn') return toListing(listing);
      if (listing?.status !== 'listed') throw new ProblemError('not-listed');
      await this.listings.giveBack([listing.id], 'withdrawn');
      const data = { ...factsOf(order, listing), reason: 'withdrawn' };
      await this.outbox.add(ticketListingEnded, { tenantId, data });
      const withdrawn = await this.listings.latestOf(ticketId);
      if (!(await this.stock.takeOne(listing.counterId))) throw new ProblemError('resale-under-way');
      return toListing(withdrawn!);
    });
  }
}
