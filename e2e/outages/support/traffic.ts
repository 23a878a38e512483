import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, type Platform } from '@app/testing';
import { Client, type Answer } from '../../support/client.js';
import { PASSWORD, type Person } from '../../support/people.js';
import type { Sale } from '../../support/sale.js';
import { Answers } from './answers.js';

/** Milliseconds between two requests of one kind, and before one that was refused is sent again. */
const PACE = 100;
/** Milliseconds that a buyer waits for the provider's page. */
const PATIENCE = 5_000;
/** Milliseconds that everything may take to work again. */
const RECOVERY = 60_000;

export interface Stage {
  readonly platform: Platform;
  readonly selling: Sale;
  readonly buyer: Person;
  /** One that nobody has used yet. */
  nextTicket(): string | undefined;
}

/**
 * Everything that people do, going on while something is away: each kind of request by a client of its own, one at a time,
 * patiently: what was refused is sent again, with the same key.
 */
export class Traffic {
  readonly answers = new Answers();
  /** Order by the `Idempotency-Key` of the client's wish. */
  readonly orders = new Map<string, string>();
  readonly paid: string[] = [];
  /** How many wishes there were. */
  keys = 0;
  private readonly over = new AbortController();
  private readonly anonymous: Client;
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly stage: Stage) {
    this.anonymous = new Client(stage.platform.api);
  }

  start(): this {
    const { buyer, selling } = this.stage;
    const isOk = ({ status }: Answer) => status === 200;
    const event = `/events/${selling.eventId}`;
    this.running = Promise.all([
      this.repeat(() => this.purchase()),
      this.repeat(() => this.place()),
      this.repeat(() => this.read('an event page', () => this.anonymous.get(event), selling.eventId)),
      this.repeat(() => this.answers.note('availability', () => this.anonymous.get(`${event}/availability`), isOk)),
      this.repeat(() => this.readOrder()),
      this.repeat(() => this.answers.note('the profile', () => buyer.client.get('/users/me'), isOk)),
      this.repeat(() => this.signIn()),
      this.repeat(() => this.admit()),
    ]);
    return this;
  }

  async stop(): Promise<void> {
    this.over.abort();
    await this.running;
  }

  /** Resolves when every kind of request has had a right answer to what was asked from now on. */
  async worksAgain(): Promise<void> {
    const now = performance.now();
    await eventually(() => {
      const missing = this.answers.missingSince(now);
      if (missing.length > 0) throw new Error(`Still without a right answer: ${missing.join(', ')}. ${this.answers}`);
    }, RECOVERY);
  }

  private async repeat(work: () => Promise<unknown>): Promise<void> {
    for (; !this.over.signal.aborted; await sleep(PACE)) await work();
  }

  /** Asks until there is an answer that is no refusal. */
  private async patiently(kind: string, ask: () => Promise<Answer>, isRight: (answer: Answer) => boolean) {
    for (; !this.over.signal.aborted; await sleep(PACE)) {
      const wrong = this.answers.wrong.length;
      const answer = await this.answers.note(kind, ask, isRight);
      if (answer || this.answers.wrong.length > wrong) return answer;
    }
    return undefined;
  }

  private async place(): Promise<any> {
    const key = randomUUID();
    this.keys += 1;
    const answer = await this.patiently(
      'an order',
      () => this.order(key),
      // Of a try whose answer was a refusal the end may still be open.
      ({ status, body }) => status === 201 || (status === 409 && body.code === 'idempotency-in-flight'),
    );
    if (answer?.status !== 201) return undefined;
    this.orders.set(key, answer.body.id);
    return answer.body;
  }

  /** The order of this key, made now or before. */
  order(key: string): Promise<Answer> {
    const { eventId, typeId } = this.stage.selling;
    const wish = { eventId, items: [{ ticketTypeId: typeId, quantity: 1 }] };
    return this.stage.buyer.client.post('/orders', wish, { 'idempotency-key': key });
  }

  /** Up to the webhook of the provider, which is a stand-in and may fail as it likes. */
  private async purchase(): Promise<void> {
    const order = await this.place();
    if (!order) return;
    const { client } = this.stage.buyer;
    const checkout = await this.patiently(
      'the checkout',
      () => client.get(order.checkoutUrl),
      ({ status }) => status === 303,
    );
    const page = checkout?.headers.get('location')?.split('?')[0];
    if (!page) return;
    for (; !this.over.signal.aborted; await sleep(PACE)) {
      const pressed = { method: 'POST', redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) } as const;
      const answer = await fetch(`${page}/pay`, pressed).catch(() => undefined);
      if (answer?.status === 303) return void this.paid.push(order.id);
    }
  }

  private read(kind: string, ask: () => Promise<Answer>, id: string): Promise<unknown> {
    return this.answers.note(kind, ask, ({ status, body }) => status === 200 && body.id === id);
  }

  private async readOrder(): Promise<void> {
    const id = [...this.orders.values()].at(-1);
    if (id) await this.read('an order of mine', () => this.stage.buyer.client.get(`/orders/${id}`), id);
  }

  private signIn(): Promise<unknown> {
    const { email } = this.stage.buyer;
    return this.answers.note(
      'signing in',
      () => this.anonymous.post('/auth/token', { grantType: 'password', email, password: PASSWORD }),
      ({ status, body }) => status === 200 && typeof body.accessToken === 'string',
    );
  }

  /** Each ticket once; the same scan again, as a gate does that had no answer. */
  private async admit(): Promise<void> {
    const ticket = this.stage.nextTicket();
    if (!ticket) throw new Error('Nobody is left who wants to enter.');
    const shown = await this.patiently(
      'a code',
      () => this.stage.buyer.client.get(`/tickets/${ticket}/qr?format=json&kind=static`),
      ({ status }) => status === 200,
    );
    if (!shown) return;
    const scan = { code: shown.body.code, gate: 'North', scanId: randomUUID() };
    const { client } = this.stage.selling.organizer;
    await this.patiently(
      'a check-in',
      () => client.post('/tickets/checkin', scan),
      ({ status, body }) => status === 200 && body.status === 'checked_in',
    );
    await sleep(7 * PACE);
  }
}
