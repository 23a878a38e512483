import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { IdempotencyModule } from '@app/idempotency';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { GetWaitingListOfEventController } from './get-waiting-list-of-event/get-waiting-list-of-event.controller.js';
import { JoinWaitingListController } from './join-waiting-list/join-waiting-list.controller.js';
import { JoinWaitingListHandler } from './join-waiting-list/join-waiting-list.js';
import { LeaveWaitingListController } from './leave-waiting-list/leave-waiting-list.controller.js';
import { LeaveWaitingListHandler } from './leave-waiting-list/leave-waiting-list.js';
import { ListMyWaitingController } from './list-my-waiting/list-my-waiting.controller.js';
import { OfferReturned } from './offer-returned/offer-returned.js';
import { PlaceOffers } from './offer-returned/place-offers.js';
import { WaitingListStore } from './waiting-list.store.js';

/** Who waits for what is sold out, and what came back for them. */
@Module({
  imports: [CqrsModule, AuthorizationModule, IdempotencyModule, OrdersModule],
  controllers: [
    JoinWaitingListController,
    LeaveWaitingListController,
    ListMyWaitingController,
    GetWaitingListOfEventController,
  ],
  providers: [JoinWaitingListHandler, LeaveWaitingListHandler, WaitingListStore, OfferReturned, PlaceOffers],
})
export class WaitingListModule {}
