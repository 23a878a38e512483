import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { IdentityModule } from '../identity/identity.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { EraseAccountController } from './erase-account/erase-account.controller.js';
import { EraseAccountHandler } from './erase-account/erase-account.js';
import { ErasureStore } from './erasure.store.js';
import { FinishErasures } from './finish-erasures/finish-erasures.js';

/** A person leaves, and what is known of the person goes. */
@Module({
  imports: [CqrsModule, IdentityModule, OrdersModule],
  controllers: [EraseAccountController],
  providers: [EraseAccountHandler, ErasureStore, FinishErasures],
})
export class ErasureModule {}
