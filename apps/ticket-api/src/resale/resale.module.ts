import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { IdempotencyModule } from '@app/idempotency';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { GetListingController } from './get-listing/get-listing.controller.js';
import { ListTicketController } from './list-ticket/list-ticket.controller.js';
import { ListTicketHandler } from './list-ticket/list-ticket.js';
import { ListingStore } from './listing.store.js';
import { SettleListings } from './settle-listings/settle-listings.js';
import { WithdrawTicketController } from './withdraw-ticket/withdraw-ticket.controller.js';
import { WithdrawTicketHandler } from './withdraw-ticket/withdraw-ticket.js';

/** Tickets that their buyers gave back for resale: whose they are, and whose money returns. */
@Module({
  imports: [CqrsModule, AuthorizationModule, IdempotencyModule, OrdersModule],
  controllers: [ListTicketController, WithdrawTicketController, GetListingController],
  providers: [ListTicketHandler, WithdrawTicketHandler, ListingStore, SettleListings],
})
export class ResaleModule {}
