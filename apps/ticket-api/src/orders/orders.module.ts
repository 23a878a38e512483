import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AuditLogModule } from '../audit-log/audit-log.module.js';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { IdempotencyModule } from '@app/idempotency';
import { SoldOutModule } from '../sold-out/sold-out.module.js';
import { CancelEventController } from './cancel-event/cancel-event.controller.js';
import { CancelEventHandler } from './cancel-event/cancel-event.js';
import { EndOrdersOfCancelledEvents } from './cancel-event/end-orders-of-cancelled-events.js';
import { CancelHoldsOfErased } from './cancel-holds-of-erased/cancel-holds-of-erased.js';
import { CancelOrderController } from './cancel-order/cancel-order.controller.js';
import { CancelOrderHandler } from './cancel-order/cancel-order.js';
import { ConfirmAtDeskController, ConfirmAtDeskHandler } from './confirm-at-desk/confirm-at-desk.js';
import { ConfirmOrder } from './confirm-order/confirm-order.js';
import { DisputeStore } from './dispute.store.js';
import { EndHolds } from './end-order/end-holds.js';
import { EndOrder } from './end-order/end-order.js';
import { ExpireOrders } from './expire-orders/expire-orders.js';
import { GetCancellationController } from './get-cancellation/get-cancellation.controller.js';
import { ReadCancellation } from './get-cancellation/read-cancellation.js';
import { GetOrderController } from './get-order/get-order.controller.js';
import { GetTimelineController } from './get-timeline/get-timeline.controller.js';
import { ReadTimeline } from './get-timeline/read-timeline.js';
import { ListBookingsOfUserController } from './list-bookings-of-user/list-bookings-of-user.controller.js';
import { ListOrdersController } from './list-orders/list-orders.controller.js';
import { OnPaymentDisputed } from './on-payment-disputed/on-payment-disputed.js';
import { NoteRepair } from './note-repair/note-repair.js';
import { OnMailProgress } from './on-mail-progress/on-mail-progress.js';
import { OnPaymentEnded } from './on-payment-ended/on-payment-ended.js';
import { OnPaymentOpened } from './on-payment-opened/on-payment-opened.js';
import { OnPaymentRefunded } from './on-payment-refunded/on-payment-refunded.js';
import { OnPaymentUnavailable } from './on-payment-unavailable/on-payment-unavailable.js';
import { OnPaymentSucceeded } from './on-payment-succeeded/on-payment-succeeded.js';
import { OrderStepStore } from './order-step.store.js';
import { OrderView } from './order-view.js';
import { OrderStore } from './order.store.js';
import { PayableOrderController } from './payable-order/payable-order.controller.js';
import { PlaceOrderGroupController } from './place-order/place-order-group.controller.js';
import { PlaceOrderController } from './place-order/place-order.controller.js';
import { HoldTickets } from './place-order/hold-tickets.js';
import { KeyedPlacings } from './place-order/keyed-placings.js';
import { PlaceOrderHandler } from './place-order/place-order.js';
import { PlaceOrders } from './place-order/place-orders.js';
import { SaleStore } from './place-order/sale.store.js';
import { TenantOfEvent } from './place-order/tenant-of-event.js';
import { PurchaseTicketsController } from './purchase-tickets/purchase-tickets.controller.js';
import { RecheckOrderController } from './recheck-order/recheck-order.controller.js';
import { RecheckOrderHandler } from './recheck-order/recheck-order.js';
import { RefundOrderController } from './refund-order/refund-order.controller.js';
import { RefundOrderHandler } from './refund-order/refund-order.js';
import { RefundStore } from './refund.store.js';
import { ResendMailController } from './resend-mail/resend-mail.controller.js';
import { ResendMailHandler } from './resend-mail/resend-mail.js';
import { ReserveForBuyerController } from './reserve-for-buyer/reserve-for-buyer.controller.js';
import { StockStore } from './stock.store.js';
import { TicketStore } from './ticket.store.js';

/** Orders and the stock they hold; the ticketing side of the saga. */
@Module({
  imports: [AuditLogModule, CqrsModule, AuthorizationModule, CatalogueModule, IdempotencyModule, SoldOutModule],
  controllers: [
    PlaceOrderController,
    PlaceOrderGroupController,
    PurchaseTicketsController,
    GetOrderController,
    GetTimelineController,
    ListOrdersController,
    ListBookingsOfUserController,
    CancelOrderController,
    RefundOrderController,
    ResendMailController,
    RecheckOrderController,
    ConfirmAtDeskController,
    CancelEventController,
    GetCancellationController,
    PayableOrderController,
    ReserveForBuyerController,
    OnPaymentOpened,
    OnPaymentUnavailable,
    OnPaymentSucceeded,
    OnPaymentEnded,
    OnPaymentRefunded,
    OnPaymentDisputed,
    OnMailProgress,
  ],
  providers: [
    PlaceOrderHandler,
    CancelOrderHandler,
    RefundOrderHandler,
    ResendMailHandler,
    RecheckOrderHandler,
    NoteRepair,
    ReadTimeline,
    ConfirmAtDeskHandler,
    CancelEventHandler,
    ReadCancellation,
    OrderStore,
    OrderStepStore,
    StockStore,
    RefundStore,
    DisputeStore,
    TicketStore,
    SaleStore,
    OrderView,
    ConfirmOrder,
    EndOrder,
    EndHolds,
    PlaceOrders,
    HoldTickets,
    KeyedPlacings,
    TenantOfEvent,
    ExpireOrders,
    CancelHoldsOfErased,
    EndOrdersOfCancelledEvents,
  ],
  exports: [
    ...[CancelHoldsOfErased, TenantOfEvent, SaleStore, StockStore, OrderStore, TicketStore],
    ...[HoldTickets, ConfirmOrder, EndOrder],
  ],
})
export class OrdersModule {}

export { allocate, freeOf, type Counter } from './allocation.js';
export { CancelHoldsOfErased } from './cancel-holds-of-erased/cancel-holds-of-erased.js';
export { checkoutLink } from './checkout-link.js';
export { ConfirmOrder } from './confirm-order/confirm-order.js';
export { EndOrder, type Returned } from './end-order/end-order.js';
export { toLines, type OrderRow } from './order-row.js';
export { OrderStore } from './order.store.js';
export { HoldTickets, toHold, type HeldFor } from './place-order/hold-tickets.js';
export { totalOf } from './place-order/judge.js';
export { MAX_TOTAL } from './place-order/refusal.js';
export { SaleStore, type Sale, type SaleType } from './place-order/sale.store.js';
export { TenantOfEvent } from './place-order/tenant-of-event.js';
export type { RefundableTicket } from './refund.js';
export { StockStore } from './stock.store.js';
export { TicketStore } from './ticket.store.js';
export { masked } from './get-timeline/timeline-view.js';
