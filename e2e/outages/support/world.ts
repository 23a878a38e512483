import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPlatform, type Platform } from '@app/testing';
import { audit, auditEnvironmentOf, type Told } from '../../support/audit.js';
import { eventually } from '../../support/client.js';
import { pay } from '../../support/payment-page.js';
import { person, type Person } from '../../support/people.js';
import { expecting, placeOrder, sale, type Sale } from '../../support/sale.js';
import { Traffic } from './traffic.js';

const SERVICES = ['api-gateway', 'ticket-api', 'payment-service', 'notification-service'];
/** Tickets of an order for the gate: one a second and more are used. */
const TICKETS = 120;
const OFF = {
  MAX_HOLDS_PER_BUYER: '0',
  RATE_LIMIT_AUTH: '100000',
  RATE_LIMIT_ADDRESS: '100000',
  RATE_LIMIT_CALLER: '100000',
};

/** A platform in the middle of a sale, and all traffic that it has had. */
export class World {
  readonly traffics: Traffic[] = [];

  private constructor(
    readonly platform: Platform,
    readonly selling: Sale,
    readonly buyer: Person,
    private readonly tickets: string[],
    /** Orders that were placed outside of the traffic. */
    public otherOrders: number,
  ) {}

  /** @param gateOrders so many times `TICKETS` people enter at most, from the first outage to the last */
  static async open(gateOrders: number): Promise<World> {
    const platform = await startPlatform({ environment: OFF, cables: true });
    const [buyer, selling] = [await person(platform), await sale(platform, { capacity: 5_000, maxPerOrder: TICKETS })];
    const world = new World(platform, selling, buyer, [], 0);
    for (let order = 0; order < gateOrders; order += 1) world.tickets.push(...(await world.buy(TICKETS)));
    return world;
  }

  /** What goes on while `outage` happens, and until all of it works again. @returns the traffic, which has stopped */
  async during(outage: (traffic: Traffic) => Promise<void>): Promise<Traffic> {
    const traffic = new Traffic(this).start();
    this.traffics.push(traffic);
    try {
      await traffic.worksAgain();
      traffic.answers.forgetRefusals();
      await outage(traffic);
      await traffic.worksAgain();
    } finally {
      await traffic.stop();
    }
    return traffic;
  }

  /** An order that is to be paid. */
  async place(quantity = 1): Promise<any> {
    this.otherOrders += 1;
    return placeOrder(this.buyer, this.selling, quantity);
  }

  /** @returns the ids of its tickets */
  async buy(quantity = 1): Promise<string[]> {
    const order = await this.place(quantity);
    await pay(order.checkoutUrl);
    return (await this.confirmed(order.id)).tickets.map(({ id }: { id: string }) => id);
  }

  confirmed(id: string): Promise<any> {
    return eventually(
      `the confirmation of ${id}`,
      () => this.order(id),
      ({ status }) => status === 'confirmed',
      30_000,
    );
  }

  order(id: string): Promise<any> {
    return expecting(200, this.buyer.client, 'GET', `/orders/${id}`);
  }

  async stepsOf(id: string): Promise<string[]> {
    const { data } = await expecting(200, this.buyer.client, 'GET', `/orders/${id}/timeline`);
    return data.map(({ step }: { step: string }) => step);
  }

  nextTicket(): string | undefined {
    return this.tickets.shift();
  }

  /** Lines of a service's log that fit. */
  logged(service: string, pattern: RegExp): string[] {
    const text = readFileSync(join(this.platform.dataDirectory, 'logs', `${service}.log`), 'utf8');
    return text.split('\n').filter((line) => pattern.test(line));
  }

  /** Answers 500 that any of the services gave. */
  failures(): string[] {
    return SERVICES.flatMap((service) => this.logged(service, /"status":500\b/));
  }

  audit(): Promise<Told> {
    return audit(auditEnvironmentOf(this.platform), '--at-rest');
  }

  /** Of a service's internal port. */
  async internal(service: string, path: string): Promise<{ status: number; text: string }> {
    const { internal } = JSON.parse(readFileSync(join(this.platform.dataDirectory, 'platform.json'), 'utf8'));
    const answer = await fetch(`${internal[service]}${path}`);
    return { status: answer.status, text: await answer.text() };
  }

  /** The provider's stand-in is told how to behave. */
  async provider(method: string, path: string, body: unknown): Promise<void> {
    const answer = await fetch(`${this.platform.addresses.simulatorAdmin}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }
}
