import type { Consumer, Envelope } from '@app/contracts';
import type { MessagePublisher } from '../message-publisher.js';
import { consumersOf } from '../subscribed-types.js';
import type { PgBossBroker } from './pg-boss-broker.js';
import { queueOf } from './queues.js';

/** Inserts in bulk, one statement per consumer. A job bears its message's id, so that pg-boss absorbs early repeats. */
export class PgBossPublisher implements MessagePublisher {
  constructor(private readonly broker: PgBossBroker) {}

  isUp(): Promise<boolean> {
    return this.broker.isUp();
  }

  async publishAll(messages: readonly Envelope[]): Promise<string[]> {
    const boss = await this.broker.started();
    const perConsumer = new Map<Consumer, Envelope[]>();
    for (const message of messages) {
      for (const consumer of consumersOf(message.type)) {
        perConsumer.set(consumer, [...(perConsumer.get(consumer) ?? []), message]);
      }
    }
    for (const [consumer, some] of perConsumer) {
      await boss.insert(
        queueOf(consumer),
        some.map((envelope) => ({ id: envelope.id, data: { envelope } })),
      );
    }
    // All were inserted, or an error says that nothing is certain.
    return messages.map(({ id }) => id);
  }

  /** The strategy, which shares the broker, stops it. */
  async close(): Promise<void> {}
}
