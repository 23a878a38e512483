import { Inject, Injectable } from '@nestjs/common';
import type { Money } from '@app/contracts';
import { crashPoint } from '@app/observability';
import Stripe from 'stripe';
import { CONFIG, type Config, type StripeConfig } from '../config.js';
import { readCheckoutSession, readEndedSession, type CheckoutSession, type EndedSession } from './checkout-session.js';
import { readMovement, readPaidIntent, type Movement, type MovementType } from './movement.js';
import { ProviderCircuit } from './provider-circuit.js';
import { ProviderAway, ProviderRefused, ProviderUnavailable } from './provider-error.js';
import { toStripeAmount } from './stripe-amount.js';
import { readStripeDispute, type ProviderDispute } from './stripe-dispute.js';
import { readStripeRefund, type ProviderRefund } from './stripe-refund.js';

/** Milliseconds that one request may take. The library's own default is 80 s. */
const TIMEOUT = 10_000;
/** Seconds that a webhook's signature may be old, or our clock behind: https://docs.stripe.com/webhooks#replay-attacks */
const SIGNATURE_TOLERANCE = 300;

/** On one page of the provider's ledger: the most that it gives. */
const MOVEMENTS = 100;

export type SessionParameters = Stripe.Checkout.SessionCreateParams;

/** A webhook whose signature fits. */
export interface SignedEvent {
  id: string;
  type: string;
  livemode: boolean;
  /** Of a connected account; null for our own: https://docs.stripe.com/api/events/object#event_object-account */
  account: string | null;
  object: unknown;
}

/** The one place that talks to Stripe. @throws of every call: ProviderUnavailable (ProviderAway), ProviderRefused. */
@Injectable()
export class StripeGateway {
  private readonly stripe: Stripe;
  private readonly config: StripeConfig;

  constructor(
    @Inject(CONFIG) { stripe }: Config,
    @Inject(ProviderCircuit) private readonly circuit: ProviderCircuit,
  ) {
    this.config = stripe;
    const { protocol, hostname, port } = stripe.apiBase;
    this.stripe = new Stripe(stripe.secretKey, {
      protocol: protocol === 'http:' ? 'http' : 'https',
      host: hostname,
      port: port || (protocol === 'http:' ? 80 : 443),
      timeout: TIMEOUT,
      maxNetworkRetries: 1,
      telemetry: false,
      httpClient: circuit.around(Stripe.createNodeHttpClient()),
    });
  }

  /** How many of `wanted` calls may begin now: all, or while the provider is away none, or one that probes. */
  room(wanted: number): number {
    return this.circuit.room(wanted);
  }

  /** Same key and same parameters: the same session, however often. A buyer waits, so it is tried once. */
  createSession(parameters: SessionParameters, idempotencyKey: string): Promise<CheckoutSession> {
    return answer(
      'createSession',
      this.stripe.checkout.sessions.create(parameters, { idempotencyKey, maxNetworkRetries: 0 }),
      readCheckoutSession,
    );
  }

  /** Refused unless the session is open. */
  expireSession(sessionId: string): Promise<CheckoutSession> {
    return answer('expireSession', this.stripe.checkout.sessions.expire(sessionId), readCheckoutSession);
  }

  findSession(sessionId: string): Promise<CheckoutSession> {
    return answer('findSession', this.stripe.checkout.sessions.retrieve(sessionId), readCheckoutSession);
  }

  /** The session and how it ended, also when a payment that is confirmed later came to nothing. */
  findEndedSession(sessionId: string): Promise<EndedSession> {
    return answer(
      'findEndedSession',
      this.stripe.checkout.sessions.retrieve(sessionId, { expand: ['payment_intent'] }),
      readEndedSession,
    );
  }

  /** The session that a payment intent belongs to; null for an intent that no session made. */
  findSessionOf(paymentIntent: string): Promise<CheckoutSession | null> {
    return answer(
      'findSessionOf',
      this.stripe.checkout.sessions.list({ payment_intent: paymentIntent, limit: 1 }),
      ({ data: [session] }) => (session ? readCheckoutSession(session) : null),
    );
  }

  /** What was paid with an intent; null when that is nothing. */
  findPaidIntent(paymentIntent: string): Promise<Movement | null> {
    return answer('findPaidIntent', this.stripe.paymentIntents.retrieve(paymentIntent), readPaidIntent);
  }

  /** A page of the provider's ledger, newest first. @param window `from` inclusive, `to` exclusive */
  async listMovements(
    type: MovementType,
    window: { from: Date; to: Date },
    after: string | null,
  ): Promise<{ movements: Movement[]; next: string | null }> {
    const parameters = {
      type,
      created: { gte: unixSeconds(window.from), lt: unixSeconds(window.to) },
      limit: MOVEMENTS,
      expand: ['data.source'],
      ...(after === null ? {} : { starting_after: after }),
    };
    return answer('listMovements', this.stripe.balanceTransactions.list(parameters), ({ data, has_more }) => ({
      movements: data.map(readMovement).filter((movement) => movement !== null),
      next: has_more ? (data.at(-1)?.id ?? null) : null,
    }));
  }

  /** Same refund and same round: the same one at Stripe, however often. */
  createRefund(refund: {
    refundId: string;
    paymentId: string;
    paymentIntent: string;
    amount: Money;
    round: number;
  }): Promise<ProviderRefund> {
    const { refundId, paymentId, paymentIntent, round } = refund;
    const parameters = {
      payment_intent: paymentIntent,
      amount: toStripeAmount(refund.amount).amount,
      metadata: { refund_id: refundId, payment_id: paymentId },
    };
    const idempotencyKey = round === 0 ? `refund:${refundId}` : `refund:${refundId}:${round}`;
    return answer('createRefund', this.stripe.refunds.create(parameters, { idempotencyKey }), readStripeRefund);
  }

  findRefund(providerRefundId: string): Promise<ProviderRefund> {
    return answer('findRefund', this.stripe.refunds.retrieve(providerRefundId), readStripeRefund);
  }

  findDispute(providerDisputeId: string): Promise<ProviderDispute> {
    return answer('findDispute', this.stripe.disputes.retrieve(providerDisputeId), readStripeDispute);
  }

  /** Every refund of a payment, those made in the dashboard too; the newest 100. */
  listRefunds(paymentIntent: string): Promise<ProviderRefund[]> {
    return answer('listRefunds', this.stripe.refunds.list({ payment_intent: paymentIntent, limit: 100 }), ({ data }) =>
      data.map(readStripeRefund),
    );
  }

  /** What a webhook says, if one of our secrets signed it within the last five minutes; else null. */
  readWebhook(body: Buffer, signature: string): SignedEvent | null {
    // The library judges age alone: what was signed for next week could be sent again until then.
    if (!(signedAt(signature) - Date.now() / 1000 <= SIGNATURE_TOLERANCE)) return null;
    for (const secret of this.config.webhookSecrets) {
      try {
        const event = this.stripe.webhooks.constructEvent(body, signature, secret, SIGNATURE_TOLERANCE);
        const { id, type, livemode, account = null } = event;
        return { id, type, livemode, account, object: event.data.object };
      } catch (error) {
        if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) return null;
      }
    }
    return null;
  }
}

/** Unix seconds, where the library finds them: in the last `t`. */
const signedAt = (signature: string) => Number([...signature.matchAll(/(?:^|,)t=(\d+)/g)].at(-1)?.[1]);

const unixSeconds = (at: Date) => Math.floor(at.getTime() / 1000);

const answer = <Given, Read>(call: keyof StripeGateway, request: Promise<Given>, read: (given: Given) => Read) =>
  request
    .then((given) => {
      crashPoint('provider/after-answer', () => [{ what: call }]);
      return read(given);
    })
    .catch((error: unknown): never => {
      throw translated(error);
    });

/** Conflicts pass: another request with the same key is still running. An answer that cannot be read decides nothing. */
function translated(error: unknown): Error {
  if (!(error instanceof Stripe.errors.StripeError))
    return new ProviderUnavailable("Stripe's answer cannot be read", { cause: error });
  const { message, code, statusCode } = error;
  const what = `Stripe: ${error.type} ${statusCode ?? ''} ${message}`;
  if (statusCode === undefined || statusCode >= 500) return new ProviderAway(what, { cause: error });
  const refused =
    error instanceof Stripe.errors.StripeInvalidRequestError ||
    error instanceof Stripe.errors.StripeCardError ||
    error instanceof Stripe.errors.StripeIdempotencyError;
  if (refused && statusCode !== 409) return new ProviderRefused(message, code);
  return new ProviderUnavailable(what, { cause: error });
}
