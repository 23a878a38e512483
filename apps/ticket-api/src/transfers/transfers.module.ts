import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { IdempotencyModule } from '@app/idempotency';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { KnownNetworkStore, SignInFailureStore } from '../identity/identity.module.js';
import { AcceptTransferController } from './accept-transfer/accept-transfer.controller.js';
import { AcceptTransferHandler } from './accept-transfer/accept-transfer.js';
import { DeclineTransferController } from './decline-transfer/decline-transfer.controller.js';
import { DeclineTransferHandler } from './decline-transfer/decline-transfer.js';
import { ExpireTransfers } from './expire-transfers/expire-transfers.js';
import { GetTransferController } from './get-transfer/get-transfer.controller.js';
import { ListTransfersController } from './list-transfers/list-transfers.controller.js';
import { HistoryOfTicket } from './list-transfers-of-ticket/history-of-ticket.js';
import { ListTransfersOfTicketController } from './list-transfers-of-ticket/list-transfers-of-ticket.controller.js';
import { OfferTransferController } from './offer-transfer/offer-transfer.controller.js';
import { OfferTransferHandler } from './offer-transfer/offer-transfer.js';
import { OwnTransfers } from './own-transfer.js';
import { TellEnded } from './tell-ended.js';
import { TransferStore } from './transfer.store.js';
import { WithdrawTransferController } from './withdraw-transfer/withdraw-transfer.controller.js';
import { WithdrawTransferHandler } from './withdraw-transfer/withdraw-transfer.js';

/** Tickets that go from one holder to another. */
@Module({
  imports: [CqrsModule, AuthorizationModule, IdempotencyModule],
  controllers: [
    OfferTransferController,
    ListTransfersController,
    GetTransferController,
    AcceptTransferController,
    DeclineTransferController,
    WithdrawTransferController,
    ListTransfersOfTicketController,
  ],
  providers: [
    OfferTransferHandler,
    AcceptTransferHandler,
    DeclineTransferHandler,
    WithdrawTransferHandler,
    HistoryOfTicket,
    ExpireTransfers,
    OwnTransfers,
    TransferStore,
    TellEnded,
    SignInFailureStore,
    KnownNetworkStore,
  ],
})
export class TransfersModule {}
