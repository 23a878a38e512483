import { randomUUID } from 'node:crypto';
import { eventually, type Client } from '../support/client.js';
import type { Sale } from '../support/sale.js';
import { patiently, PatientClient, Refused } from './patient-client.js';

/** Milliseconds: several processes may die on the way, and pg-boss misses one that died after 10 to 15 s only. */
const LONG = 240_000;

/** An order as its buyer was answered, and how to ask for that answer again. */
export interface Held {
  id: string;
  checkoutUrl: string;
  total: { amount: number };
  key: string;
  wish: object;
}

/** A buyer who does not give up. */
export class Shopper {
  readonly client: PatientClient;

  constructor(
    readonly email: string,
    client: Client,
    private readonly selling: Sale,
  ) {
    this.client = new PatientClient(client);
  }

  async hold(quantity = 1, { eventId, typeId }: Pick<Sale, 'eventId' | 'typeId'> = this.selling): Promise<Held> {
    const wish = { eventId, items: [{ ticketTypeId: typeId, quantity }] };
    const key = randomUUID();
    const { body } = await this.client.ask(201, 'POST', '/orders', wish, key);
    return { ...body, key, wish };
  }

  /** The provider's page, or null when the provider did not answer. */
  async openPage({ checkoutUrl }: Held): Promise<string | null> {
    return patiently(checkoutUrl, async () => {
      const answer = await fetch(checkoutUrl, { redirect: 'manual' });
      if (answer.status === 303) return answer.headers.get('location') ?? undefined;
      const said = await answer.text();
      if (answer.status !== 503) throw new Refused(`${checkoutUrl}: ${answer.status} ${said}`);
      return said.includes('The payment provider does not answer') ? null : undefined;
    });
  }

  /** Waits until the order is so. */
  see({ id }: Held, isSo: (order: any) => boolean): Promise<any> {
    return eventually(`order ${id} to be ${isSo}`, () => this.client.read(`/orders/${id}`), isSo, LONG);
  }

  /** Waits until the order's timeline has the step. */
  seeStep({ id }: Held, step: string): Promise<any> {
    return eventually(
      `${step} in the timeline of ${id}`,
      () => this.client.read(`/orders/${id}/timeline`),
      ({ data }) => data.some((one: { step: string }) => one.step === step),
      LONG,
    );
  }

  act(status: number, method: string, path: string, body?: unknown) {
    return this.client.ask(status, method, path, body);
  }
}
