import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';

type Answer = (event: Stripe.Event, response: ServerResponse) => void;

interface Facts {
  id: string;
  metadata: Record<string, string>;
}

const isAbout = (object: Facts, { id, metadata = {} }: Partial<Facts>): boolean =>
  (id === undefined || object.id === id) &&
  Object.entries(metadata).every(([key, value]) => object.metadata[key] === value);

const ok: Answer = (_event, response) => void response.writeHead(200).end('{"received":true}');

/** A receiver of webhooks as a shop has one: it believes only what Stripe's client finds signed with the secret. */
export class WebhookReceiver {
  readonly events: Stripe.Event[] = [];
  readonly signatures: string[] = [];
  /** How the next deliveries are answered; 200 by default. */
  answer: Answer = ok;
  private port = 0;
  private readonly server = createServer((request, response) => void this.receive(request, response));

  private constructor(private readonly secret: string) {}

  static async open(secret: string): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver(secret);
    await receiver.listen();
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/webhooks`;
  }

  /** After `close` on the same port again. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Forgets what came and answers 200 again. */
  reset(): void {
    this.events.length = 0;
    this.signatures.length = 0;
    this.answer = ok;
  }

  ofType<Type extends Stripe.Event['type']>(type: Type): Extract<Stripe.Event, { type: Type }>[] {
    return this.events.filter((event): event is Extract<Stripe.Event, { type: Type }> => event.type === type);
  }

  /**
   * The first of this type whose object fits, which may have come already. @throws after `patience` ms.
   */
  async waitFor<Type extends Stripe.Event['type']>(type: Type, fits: Partial<Facts> = {}, patience = 5_000) {
    for (const deadline = Date.now() + patience; Date.now() < deadline; await sleep(10)) {
      const event = this.ofType(type).find(({ data: { object } }) => isAbout(object as Facts, fits));
      if (event) return event;
    }
    throw new Error(`No ${type} came; there were: ${this.events.map((event) => event.type).join(', ') || 'none'}`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray());
    const signature = String(request.headers['stripe-signature']);
    try {
      const event = Stripe.webhooks.constructEvent(body, signature, this.secret);
      this.events.push(event);
      this.signatures.push(signature);
      this.answer(event, response);
    } catch {
      response.writeHead(400).end();
    }
  }
}
