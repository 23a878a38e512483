import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Platform } from '@app/testing';
import { eventually } from '../support/client.js';

export interface SumOfPayment {
  paymentIntent: string;
  paid: number;
  refunded: number;
  net: number;
  metadata: { order_id?: string };
}

/** The provider's side: what it is told to do (docs/simulator.md), and what it knows. */
export class Simulator {
  constructor(private readonly platform: Platform) {}

  async tell(method: string, path: string, body?: object): Promise<any> {
    const answer = await fetch(`${this.platform.addresses.simulatorAdmin}${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** What moved for an order, by payment. */
  async sumsOf(orderId: string): Promise<SumOfPayment[]> {
    const { payments } = (await this.tell('GET', '/ledger?limit=10000')) as { payments: SumOfPayment[] };
    return payments.filter(({ metadata }) => metadata.order_id === orderId);
  }

  async paymentIntentOf(orderId: string): Promise<string> {
    const [sum] = await eventually(
      'the payment at the provider',
      () => this.sumsOf(orderId),
      (sums) => sums.length > 0,
    );
    return sum!.paymentIntent;
  }

  /** Ids of the refunds that were made of a payment, the newest first. */
  async refundsOf(paymentIntent: string): Promise<string[]> {
    const { data } = await this.call('GET', `/v1/refunds?payment_intent=${paymentIntent}`);
    return data.map(({ id }: { id: string }) => id);
  }

  /** In the dashboard, where nothing says for what. */
  async refundByHand(paymentIntent: string, amount: number): Promise<void> {
    const body = new URLSearchParams({ payment_intent: paymentIntent, amount: String(amount) });
    await this.call('POST', '/v1/refunds', body);
  }

  private async call(method: string, path: string, body?: URLSearchParams): Promise<any> {
    const { stripeSecretKey } = JSON.parse(readFileSync(join(this.platform.dataDirectory, 'secrets.json'), 'utf8'));
    const answer = await fetch(`${this.platform.addresses.simulator}${path}`, {
      method,
      headers: { authorization: `Bearer ${stripeSecretKey}` },
      ...(body && { body }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
