import { Inject, Module } from '@nestjs/common';
import { Expander } from '../api/expander.js';
import { paymentIntentObject } from './payment-intent.js';
import { chargeObject } from './charge.js';
import { findCharge, findPaymentIntent } from './payment.store.js';
import { ReadPaymentIntentController } from './read-payment-intent/read-payment-intent.controller.js';

export { chargeObject, type ChargeRow } from './charge.js';
export { CARD_DECLINED, PAYMENT_FAILED_LATER, type PaymentFailure } from './payment-failure.js';
export { offeredMethods } from './payment-methods.js';
export { paymentIntentObject, type PaymentIntentRow } from './payment-intent.js';
export {
  addRefunded,
  findCharge,
  findPaymentIntent,
  lockSucceededCharge,
  openPaymentIntent,
  refuse,
  succeed,
} from './payment.store.js';

@Module({ controllers: [ReadPaymentIntentController] })
export class PaymentsModule {
  constructor(@Inject(Expander) expander: Expander) {
    expander.register('pi', async (transaction, id) => paymentIntentObject(await findPaymentIntent(transaction, id)));
    expander.register('ch', async (transaction, id) => chargeObject(await findCharge(transaction, id)));
  }
}
