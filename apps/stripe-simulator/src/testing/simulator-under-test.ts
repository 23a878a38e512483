import { createTestDatabase, type TestDatabase } from '@app/testing';
import pg from 'pg';
import Stripe from 'stripe';
import type { Config } from '../config.js';
import { migrations } from '../migrations/index.js';
import { openSimulator, type Simulator } from '../simulator.js';
import { WebhookReceiver } from './webhook-receiver.js';

export const SECRET_KEY = 'sk_test_specSimulator1234';
export const WEBHOOK_SECRET = 'whsec_specSimulator';

/** A simulator that really listens, with a database of its own, the official client and a receiver of its webhooks. */
export class SimulatorUnderTest {
  private constructor(
    readonly database: TestDatabase,
    readonly receiver: WebhookReceiver,
    private readonly config: Config,
    private simulator: Simulator,
  ) {}

  static async open(changes: Partial<Config> = {}): Promise<SimulatorUnderTest> {
    const database = await createTestDatabase(migrations, 'simulator_spec');
    const receiver = await WebhookReceiver.open(WEBHOOK_SECRET);
    const config: Config = {
      host: '127.0.0.1',
      port: 0,
      adminPort: 0,
      logLevel: 'silent',
      databaseUrl: database.url,
      secretKey: SECRET_KEY,
      webhookSecrets: [WEBHOOK_SECRET],
      webhookUrl: receiver.url,
      checkoutPageUrl: undefined,
      ...changes,
    };
    return new SimulatorUnderTest(database, receiver, config, await openSimulator(config));
  }

  get url(): string {
    return `http://127.0.0.1:${this.simulator.port}`;
  }

  get adminUrl(): string {
    return `http://127.0.0.1:${this.simulator.adminPort}`;
  }

  /** The official client, as a shop makes it. */
  stripe({ key = SECRET_KEY, retries = 0, timeout = 10_000 } = {}): Stripe {
    const { port } = this.simulator;
    return new Stripe(key, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: retries, timeout });
  }

  /** Presses a button of the hosted page and tells where it leads. */
  async press(sessionId: string, button: 'pay' | 'decline' | 'fail' | 'expire') {
    const response = await fetch(`${this.url}/simulator/checkout/${sessionId}/${button}`, {
      method: 'POST',
      redirect: 'manual',
    });
    return { status: response.status, location: response.headers.get('location') };
  }

  async page(sessionId: string) {
    const response = await fetch(`${this.url}/simulator/checkout/${sessionId}`);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Tells the simulator how to misbehave, or asks it; what it answers, with `status`. */
  async admin(method: string, path: string, body?: object) {
    const response = await fetch(`${this.adminUrl}${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: response.status, answer: (await response.json()) as any };
  }

  /** A session is paid in the hosted page; its payment intent. */
  async buy(parameters: Partial<Stripe.Checkout.SessionCreateParams> = {}): Promise<Stripe.PaymentIntent> {
    const { id } = await this.stripe().checkout.sessions.create(order(parameters));
    await this.press(id, 'pay');
    const session = await this.stripe().checkout.sessions.retrieve(id, { expand: ['payment_intent'] });
    return session.payment_intent as Stripe.PaymentIntent;
  }

  /** As a request that is being carried out under this key; `die` is its process being killed. */
  async holdKey(key: string): Promise<{ die: () => Promise<void> }> {
    const client = new pg.Client({ connectionString: this.database.url });
    await client.connect();
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [key]);
    return { die: () => client.end() };
  }

  stop(): Promise<void> {
    return this.simulator.close();
  }

  async start(changes: Partial<Config> = {}): Promise<void> {
    this.simulator = await openSimulator({ ...this.config, ...changes });
  }

  async close(): Promise<void> {
    await this.simulator.close();
    await this.receiver.close();
    await this.database.drop();
  }
}

/** What a shop asks for when somebody buys two tickets of €45.00. */
export const order = (
  changes: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Stripe.Checkout.SessionCreateParams => ({
  mode: 'payment',
  line_items: [
    {
      quantity: 2,
      price_data: { currency: 'eur', unit_amount: 4500, product_data: { name: 'Standing <b>"A&B"</b>' } },
    },
  ],
  success_url: 'https://shop.example/thanks?session={CHECKOUT_SESSION_ID}',
  cancel_url: 'https://shop.example/cart',
  ...changes,
});
