import { createHmac } from 'node:crypto';
import { generateServiceKeys, IdentityTokens, ServiceKeys } from '@app/auth';
import { orderReserved, type DataOf } from '@app/contracts';
import { openService, type RunningService } from '@app/http';
import { createTestDatabase, eventually, type TestDatabase } from '@app/testing';
import { v7 as uuid } from 'uuid';
import { readConfig } from '../config.js';
import { migrations } from '../migrations/index.js';
import { paymentService } from '../payment-service.js';
import { StripeGateway } from '../stripe/stripe.module.js';
import { dashboard, signatureHeader } from '../stripe/testing/stripe-account.js';
import { createBroker, RETRY_DELAYS, type TestBroker } from './broker.js';
import { Crossing } from './crossing.js';
import { SimulatorProcess } from './simulator-process.js';
import { TicketApiPeer } from './ticket-api-peer.js';
import { reservedEvent } from './reserved-event.js';

export const WEBHOOK_SECRETS = ['whsec_specOfPayments', 'whsec_theNextSecret'] as const;
export const LINK_SECRET = 'a secret that only specs use';
/** Milliseconds for `beforeAll`: several processes and databases begin. */
export const START_LIMIT = 120_000;
/** The e-mail of an administrator of the platform. */
export const ADMIN = 'admin@platform.example';
const SECRET_KEY = 'sk_test_specOfPayments';

export type Order = DataOf<typeof orderReserved> & { tenantId: string };

/**
 * The payment service, opened in this process, with everything around it real: PostgreSQL, pg-boss, the simulator as its
 * own process, a peer that speaks for ticket-api. Both ways between service and provider lead over a `Crossing`.
 */
export class PaymentPlatform {
  /** Requests from the service to the provider. */
  stripeApi!: Crossing;
  /** Webhooks from the provider to the service. */
  webhooks!: Crossing;
  simulator!: SimulatorProcess;
  database!: TestDatabase;
  service!: RunningService;
  readonly ticketApi = new TicketApiPeer();
  private readonly keys = generateServiceKeys(['api-gateway', 'ticket-api', 'payment-service']);
  private broker!: TestBroker;
  private databaseUrl!: string;

  private constructor(private readonly pooler?: (databaseUrl: string) => Promise<string>) {}

  /** @param pooler whose way to the database the service takes instead of the direct one */
  static async start(pooler?: (databaseUrl: string) => Promise<string>): Promise<PaymentPlatform> {
    const platform = new PaymentPlatform(pooler);
    try {
      await platform.begin();
    } catch (error) {
      await platform.remove();
      throw error;
    }
    return platform;
  }

  private async begin(): Promise<void> {
    this.stripeApi = await Crossing.open();
    this.webhooks = await Crossing.open();
    const webhookUrl = `${this.webhooks.url}/api/v1/payments/webhooks`;
    const settings = { secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRETS[0], webhookUrl };
    // Side by side, and `remove` finds what has begun also where another has failed.
    const begun = await Promise.allSettled([
      createBroker().then((broker) => (this.broker = broker)),
      createTestDatabase(migrations, 'spec_payments').then((database) => (this.database = database)),
      SimulatorProcess.start(settings).then((simulator) => (this.simulator = simulator)),
    ]);
    for (const part of begun) if (part.status === 'rejected') throw part.reason;
    this.databaseUrl = (await this.pooler?.(this.database.url)) ?? this.database.url;
    this.stripeApi.target = this.simulator.url;
    await this.ticketApi.start(this.keys['ticket-api'], this.broker);
    await this.openService();
  }

  async openService(): Promise<void> {
    const keys = this.keys['payment-service'];
    const config = readConfig({
      PORT: '0',
      INTERNAL_PORT: '0',
      LOG_LEVEL: process.env.SPEC_LOG ?? 'silent',
      SERVICE_SIGNING_KEY: keys.signingKey,
      SERVICE_PUBLIC_KEYS: JSON.stringify(keys.publicKeys),
      DATABASE_URL: this.databaseUrl,
      DATABASE_NAMED_STATEMENTS: this.pooler ? 'off' : 'on',
      RABBITMQ_URL: this.broker.options.rabbitmqUrl,
      BROKER_DATABASE_URL: this.broker.options.brokerDatabaseUrl,
      MESSAGE_RETRY_DELAYS: RETRY_DELAYS.join(','),
      TICKET_API_INTERNAL_URL: this.ticketApi.internalUrl,
      CHECKOUT_LINK_SECRET: LINK_SECRET,
      STRIPE_SECRET_KEY: SECRET_KEY,
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRETS.join(','),
      STRIPE_API_BASE: this.stripeApi.url,
      PLATFORM_ADMINS: ADMIN,
    });
    this.service = await openService(paymentService, config);
    this.webhooks.target = this.service.url;
  }

  /** An order of two tickets at €45.00 that ticket-api has reserved; nobody was told of it yet. */
  order({ holdSeconds = 900, total = 9000, currency = 'EUR', tenantId = uuid() as string } = {}): Order {
    const unitPrice = { amount: total / 2, currency };
    const order: Order = {
      tenantId,
      orderId: uuid(),
      event: reservedEvent(),
      buyer: { id: uuid(), name: 'Ada', email: 'ada@buyers.example' },
      items: [{ ticketTypeId: uuid(), name: 'Standing', quantity: 2, unitPrice }],
      total: { amount: total, currency },
      expiresAt: new Date(Date.now() + holdSeconds * 1000).toISOString(),
    };
    const { tenantId: _, ...data } = order;
    this.ticketApi.orders.set(order.orderId, { tenantId, status: 'pending', order: data });
    return order;
  }

  /** What a browser gets at `checkoutUrl`. */
  async visit(
    orderId: string,
    { method = 'GET', signature = signatureOf(orderId), path = '', outcome = '', headers = {} } = {},
  ): Promise<Response> {
    const address = `${this.service.url}/api/v1/payments/checkout/${orderId}${path}`;
    const query = new URLSearchParams({ ...(signature && { signature }), ...(outcome && { outcome }) });
    return fetch(`${address}?${query}`, {
      method,
      headers,
      redirect: 'manual',
    });
  }

  /** Opens the checkout. @returns the address of the hosted page. */
  async checkout(orderId: string): Promise<string> {
    const answer = await this.visit(orderId);
    if (answer.status !== 303) throw new Error(`The checkout answered ${answer.status}: ${await answer.text()}`);
    return answer.headers.get('location')!;
  }

  /** The provider answers, and the service has found out: its circuit breaker may have opened before. */
  async providerAnswers(): Promise<void> {
    this.stripeApi.traffic = () => 'pass';
    await eventually(async () => {
      if (this.isCircuitClosed()) return;
      await this.checkout(this.order().orderId);
    });
  }

  isCircuitClosed(): boolean {
    return this.service.app.get(StripeGateway, { strict: false }).room(2) === 2;
  }

  /** `GET /payments/orders/:orderId` by a person. */
  view(orderId: string, userId: string): Promise<{ status: number; body: Record<string, unknown> }> {
    return this.get(`/payments/orders/${orderId}`, userId);
  }

  /** A call of the API by a person, of whom this is the e-mail. */
  async get<Body = Record<string, unknown>>(
    path: string,
    userId: string,
    email?: string,
  ): Promise<{ status: number; body: Body }> {
    const headers = await this.identify(userId, email);
    const answer = await fetch(`${this.service.url}/api/v1${path}`, { headers });
    return { status: answer.status, body: (await answer.json()) as Body };
  }

  /** A write of the API by a person. */
  async post(
    path: string,
    userId: string,
    body: object = {},
    given: Record<string, string> = {},
    email?: string,
  ): Promise<{ status: number; body: Record<string, unknown>; isReplayed: boolean }> {
    const headers = { ...(await this.identify(userId, email)), 'content-type': 'application/json', ...given };
    const request = { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await fetch(`${this.service.url}/api/v1${path}`, request);
    const isReplayed = answer.headers.get('idempotent-replayed') === 'true';
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, isReplayed };
  }

  private async identify(userId: string, email = 'a@b.example'): Promise<Record<string, string>> {
    const tokens = new IdentityTokens(new ServiceKeys('api-gateway', this.keys['api-gateway']));
    const identity = { userId, email, name: 'A', emailVerified: true, sessionId: uuid() };
    return { 'x-identity': await tokens.sign(identity, 'payment-service') };
  }

  /** Delivers an event as Stripe would, signed with one of the secrets. `timestamp` in Unix seconds. */
  async deliver(event: object, forgery: { secret?: string; timestamp?: number; tamper?: string } = {}) {
    const { secret = WEBHOOK_SECRETS[0], timestamp, tamper = '' } = forgery;
    const payload = JSON.stringify(event);
    const signature = signatureHeader(payload, secret, timestamp);
    const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
    const path = '/api/v1/payments/webhooks';
    return this.webhooks.send({ method: 'POST', path, headers, body: Buffer.from(payload + tamper) });
  }

  dashboard(): ReturnType<typeof dashboard> {
    return dashboard(this.simulator.url, SECRET_KEY);
  }

  async payments(orderId: string): Promise<PaymentRecord[]> {
    return this.database.asOwner<PaymentRecord>('select * from payments where order_id = $1 order by created_at', [
      orderId,
    ]);
  }

  /** Also after a start that failed half-way. */
  async remove(): Promise<void> {
    await this.service?.close();
    await Promise.all([this.ticketApi.remove(), this.simulator?.remove()]);
    await Promise.all([this.stripeApi?.close(), this.webhooks?.close(), this.database?.drop(), this.broker?.remove()]);
  }
}

export interface PaymentRecord {
  id: string;
  status: string;
  session_id: string;
  session_url: string;
  payment_intent: string;
  idempotency_key: string;
  paid: number;
  refunded_total: number;
}

export const signatureOf = (orderId: string, secret = LINK_SECRET) =>
  createHmac('sha256', secret).update(`checkout:v1:${orderId}`).digest('base64url');
