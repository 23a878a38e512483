import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@app/testing';
import { Pool, type Dispatcher } from 'undici';
import type { Person } from '../../support/people.js';
import type { Sale } from '../../support/sale.js';

/** Milliseconds between two requests of one caller. */
const PACE = 50;
/** Milliseconds that a few answers may take on a busy machine. */
const PATIENCE = 60_000;
const JSON_TYPE = { 'content-type': 'application/json' };

const KINDS = ['an order', 'the checkout', 'an event page', 'availability', 'my orders', 'a webhook'] as const;
type Kind = (typeof KINDS)[number];
type Request = Omit<Dispatcher.RequestOptions, 'origin'>;

/** Callers who repeat nothing: whatever is not answered as it should be is a failure. */
export class SteadyLoad {
  /** In words. */
  readonly failed: string[] = [];
  readonly answered = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
  private readonly pool: Pool;
  private readonly over = new AbortController();
  private running: Promise<unknown> = Promise.resolve();
  /** What waits for its answer, and since when (`performance.now()`). */
  private readonly waiting = new Map<object, { kind: Kind; since: number }>();

  constructor(
    url: string,
    private readonly stage: { selling: Sale; buyer: Person; dataDirectory: string },
  ) {
    this.pool = new Pool(url, { connections: 64, pipelining: 1 });
  }

  start(): this {
    const { selling } = this.stage;
    const event = `/api/v1/events/${selling.eventId}`;
    const as = { authorization: `Bearer ${this.stage.buyer.accessToken}` };
    const kinds = [
      () => this.buy(as),
      () => this.ask('an event page', 200, { method: 'GET', path: event }),
      () => this.ask('availability', 200, { method: 'GET', path: `${event}/availability` }),
      () => this.ask('my orders', 200, { method: 'GET', path: '/api/v1/orders', headers: as }),
      () => this.ask('a webhook', 200, this.webhook()),
    ];
    this.running = Promise.all(kinds.map((kind) => this.repeat(kind)));
    return this;
  }

  async stop(): Promise<void> {
    this.over.abort();
    await this.running;
    await this.pool.close();
  }

  /** From now on it counts: before, new processes answer for the first time, and connect. */
  forgetFailures(): void {
    this.failed.length = 0;
  }

  /** Resolves when each kind of request was answered `times` more. */
  async goesOn(times: number): Promise<void> {
    const before = { ...this.answered };
    await eventually(() => {
      const slow = KINDS.filter((kind) => this.answered[kind] < before[kind] + times);
      if (slow.length > 0) throw new Error(JSON.stringify({ slow, failed: this.failed, waiting: this.longest() }));
    }, PATIENCE);
  }

  /** Seconds that the oldest questions have waited. */
  private longest(): string[] {
    const now = performance.now();
    return [...this.waiting.values()].map(({ kind, since }) => `${kind}: ${((now - since) / 1000).toFixed(1)} s`);
  }

  private async repeat(work: () => Promise<unknown>): Promise<void> {
    for (; !this.over.signal.aborted; await sleep(PACE)) await work();
  }

  private async ask(kind: Kind, wanted: number, request: Request): Promise<{ headers: any; body: any } | undefined> {
    const asked = {};
    this.waiting.set(asked, { kind, since: performance.now() });
    try {
      const answer = await this.pool.request(request);
      const text = await answer.body.text();
      if (answer.statusCode !== wanted) throw new Error(`${answer.statusCode} ${text.slice(0, 300)}`);
      this.answered[kind] += 1;
      return { headers: answer.headers, body: text };
    } catch (error) {
      this.failed.push(`${kind}: ${String(error)}`);
      return undefined;
    } finally {
      this.waiting.delete(asked);
    }
  }

  private async buy(as: Record<string, string>): Promise<void> {
    const { eventId, typeId } = this.stage.selling;
    const body = JSON.stringify({ eventId, items: [{ ticketTypeId: typeId, quantity: 1 }] });
    const headers = { ...JSON_TYPE, ...as, 'idempotency-key': randomUUID() };
    const order = await this.ask('an order', 201, { method: 'POST', path: '/api/v1/orders', body, headers });
    if (!order) return;
    const { pathname, search } = new URL(JSON.parse(order.body).checkoutUrl);
    await this.ask('the checkout', 303, { method: 'GET', path: pathname + search });
  }

  /** Of news that concern nobody here; signed as https://docs.stripe.com/webhooks#verify-manually says. */
  private webhook(): Request {
    const { stripeWebhookSecret } = JSON.parse(readFileSync(join(this.stage.dataDirectory, 'secrets.json'), 'utf8'));
    const event = { id: `evt_${randomUUID()}`, object: 'event', type: 'customer.created', livemode: false };
    const body = JSON.stringify({ ...event, data: { object: { id: 'cus_1', object: 'customer' } } });
    const at = Math.floor(Date.now() / 1000);
    const signature = createHmac('sha256', stripeWebhookSecret).update(`${at}.${body}`).digest('hex');
    const headers = { ...JSON_TYPE, 'stripe-signature': `t=${at},v1=${signature}` };
    return { method: 'POST', path: '/api/v1/payments/webhooks', body, headers };
  }
}
