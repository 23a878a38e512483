import { Module } from '@nestjs/common';
import { StripeGateway } from './stripe.gateway.js';

export { readCheckoutSession, type CheckoutSession } from './checkout-session.js';
export { ProviderRefused, ProviderUnavailable } from './provider-error.js';
export { providerId, storableJson, storableText } from './provider-text.js';
export { toStripeAmount, UnpayableAmount } from './stripe-amount.js';
export { readStripeRefund, type ProviderRefund } from './stripe-refund.js';
export { StripeGateway, type SessionParameters, type SignedEvent } from './stripe.gateway.js';

@Module({ providers: [StripeGateway], exports: [StripeGateway] })
export class StripeModule {}
