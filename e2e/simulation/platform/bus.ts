import type { Consumer, Envelope } from '@app/contracts';
import {
  assertHandlers,
  callHandler,
  consumersOf,
  type MessageConsumer,
  type MessagePublisher,
  type MessageStrategy,
  type Outcome,
  type Relay,
  type Transport,
} from '@app/messaging';
import { Server } from '@nestjs/microservices';
import { type Dice } from '../engine/dice.js';

/** A message in one consumer's queue. What the broker has confirmed stays here until it is acknowledged. */
export interface Queued {
  readonly consumer: Consumer;
  readonly envelope: Envelope;
  failures: number;
  /** How often a fault struck while it was worked on: a message that meets one every time would die of it. */
  faults: number;
  /** Epoch milliseconds of the virtual clock. */
  notBefore: number;
}

/** How often a broker confirms a part of what it was given only. */
const HALF_CONFIRMED = 0.03;

/** A broker in memory: whatever is confirmed is kept, in no order; who delivers when is decided by the history. */
export class Bus {
  readonly queued: Queued[] = [];
  readonly dead: Queued[] = [];
  readonly relays = new Map<Consumer, Relay>();
  private readonly receivers = new Map<Consumer, Receiver>();
  /** Of the history that runs. */
  dice: Dice | undefined;

  transportOf(service: Consumer): Transport {
    return {
      publisher: this.publisher,
      strategy: (consumer, relay) => {
        this.relays.set(service, relay);
        const receiver = new Receiver(service, consumer);
        this.receivers.set(service, receiver);
        return receiver;
      },
    };
  }

  /** Hands messages of one consumer to it, all at the same moment. */
  deliver(messages: readonly Queued[]): Promise<Outcome[]> {
    const receiver = this.receivers.get(messages[0]!.consumer)!;
    return Promise.all(messages.map(({ envelope, failures }) => receiver.receive(envelope, failures)));
  }

  remove(message: Queued): void {
    const at = this.queued.indexOf(message);
    if (at >= 0) this.queued.splice(at, 1);
  }

  private readonly publisher: MessagePublisher = {
    isUp: async () => true,
    publishAll: async (messages) => {
      const confirmed = this.dice?.chance(HALF_CONFIRMED) ? Math.floor(messages.length / 2) : messages.length;
      // Of the others nobody knows whether they arrived: here they did, and will come again.
      for (const envelope of messages) this.keep(envelope);
      return messages.slice(0, confirmed).map(({ id }) => id);
    },
    close: async () => {},
  };

  /** For every consumer, as it comes from the wire. */
  keep(envelope: Envelope): void {
    const copy = JSON.parse(JSON.stringify(envelope)) as Envelope;
    for (const consumer of consumersOf(envelope.type))
      this.queued.push({ consumer, envelope: copy, failures: 0, faults: 0, notBefore: 0 });
  }
}

/** The receiving half: Nest's handlers behind the library's own consumer, as with any other broker. */
class Receiver extends Server implements MessageStrategy {
  override readonly propagatesEventHandlerErrors = true;

  constructor(
    private readonly service: Consumer,
    private readonly consumer: MessageConsumer,
  ) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    try {
      assertHandlers(this.service, this.getHandlers());
    } catch (error) {
      return callback(error);
    }
    callback();
  }

  receive(envelope: Envelope, failures: number): Promise<Outcome> {
    return this.consumer.consume(envelope, failures, (group) => callHandler(this, group));
  }

  isUp = async () => true;
  deadLetters = async () => 0;
  stopTaking = async () => {};
  close = async () => {};

  on(): never {
    throw new Error('This transport has no events.');
  }

  unwrap<T>(): T {
    return undefined as T;
  }
}
