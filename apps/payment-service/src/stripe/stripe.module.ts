import { Module } from '@nestjs/common';
import { ProviderCircuit } from './provider-circuit.js';
import { StripeGateway } from './stripe.gateway.js';

export { readCheckoutSession, type CheckoutSession } from './checkout-session.js';
export { MOVEMENT_TYPES, type Movement, type MovementType } from './movement.js';
export { ProviderAway, ProviderRefused, ProviderUnavailable } from './provider-error.js';
export { providerId, storableJson, storableText, uuidOrNull } from './provider-text.js';
export { toStripeAmount, UnpayableAmount } from './stripe-amount.js';
export { readStripeDispute, type ProviderDispute } from './stripe-dispute.js';
export { readStripeRefund, type ProviderRefund } from './stripe-refund.js';
export { StripeGateway, type SessionParameters, type SignedEvent } from './stripe.gateway.js';

@Module({ providers: [ProviderCircuit, StripeGateway], exports: [StripeGateway] })
export class StripeModule {}
