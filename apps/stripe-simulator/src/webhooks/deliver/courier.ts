import { setTimeout as sleep } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DeliveryQueue, type ClaimedDelivery } from './delivery.queue.js';
import { WebhookSender } from './webhook-sender.js';

/** Deliveries under way at once. */
const AT_ONCE = 16;
/** Milliseconds after which the queue is looked at although nothing has arrived here: another process may have added to it. */
const LOOK_AGAIN = 1_000;
const SHORTEST_PAUSE = 10;
/** Milliseconds that deliveries under way have left when the application ends. */
const FAREWELL = 3_000;

/** Takes due webhooks from the queue and sends them, several at once, until the application ends. */
@Injectable()
export class Courier implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Webhooks');
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly breakOff = new AbortController();
  private stopping = false;
  private nudge = new AbortController();
  private rounds: Promise<void> = Promise.resolve();

  constructor(
    @Inject(DeliveryQueue) private readonly queue: DeliveryQueue,
    @Inject(WebhookSender) private readonly sender: WebhookSender,
  ) {}

  onApplicationBootstrap(): void {
    this.queue.onArrival(() => this.nudge.abort());
    this.rounds = this.run();
  }

  /** Starts nothing more; what does not end soon is broken off and due again at once. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.nudge.abort();
    await this.rounds;
    const farewell = setTimeout(() => this.breakOff.abort(), FAREWELL);
    await Promise.all(this.underWay.values());
    clearTimeout(farewell);
  }

  private async run(): Promise<void> {
    let recovered = false;
    while (!this.stopping) {
      this.nudge = new AbortController();
      try {
        // One simulator works on this database. A second one would at worst deliver something twice, as Stripe may.
        if (!recovered) await this.queue.releaseAll();
        recovered = true;
        const pause = await this.round();
        await sleep(pause, undefined, { signal: this.nudge.signal }).catch(() => undefined);
      } catch (error) {
        this.log.error(`The queue cannot be read: ${(error as Error).message}`);
        await sleep(LOOK_AGAIN);
      }
    }
  }

  /** Starts what is due and fits. Returns the milliseconds until there may be more to do. */
  private async round(): Promise<number> {
    const free = AT_ONCE - this.underWay.size;
    if (free === 0) return LOOK_AGAIN;
    for (const delivery of await this.queue.claim(free)) this.start(delivery);
    const next = (await this.queue.secondsToNextDue()) ?? Infinity;
    return Math.min(LOOK_AGAIN, Math.max(SHORTEST_PAUSE, next * 1_000));
  }

  private start(delivery: ClaimedDelivery): void {
    const finished = this.deliver(delivery)
      .catch((error: Error) => this.log.error(`The outcome of ${delivery.id} is not kept: ${error.message}`))
      .finally(() => {
        this.underWay.delete(delivery.id);
        this.nudge.abort();
      });
    this.underWay.set(delivery.id, finished);
  }

  private async deliver(delivery: ClaimedDelivery): Promise<void> {
    const sent = Array.from({ length: delivery.copies }, () => this.sender.send(delivery, this.breakOff.signal));
    const refused = (await Promise.allSettled(sent)).find(({ status }) => status === 'rejected');
    const failure = refused && ((refused as PromiseRejectedResult).reason as Error).message;
    if (failure === undefined) {
      this.log.log(`${delivery.type} ${delivery.id} delivered`);
      return this.queue.delivered(delivery.id);
    }
    if (this.breakOff.signal.aborted) return this.queue.release(delivery.id);
    this.log.warn(`${delivery.type} ${delivery.id}, attempt ${delivery.attempts}: ${failure}`);
    return this.queue.failed(delivery, failure);
  }
}
