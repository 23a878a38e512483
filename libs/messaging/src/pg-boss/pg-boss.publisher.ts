import type { Consumer, Envelope } from '@app/contracts';
import type { JobInsert } from 'pg-boss';
import type { MessagePublisher } from '../message-publisher.js';
import { consumersOf } from '../subscribed-types.js';
import type { PgBossBroker } from './pg-boss-broker.js';
import { queueOf, type Bundle, type MessageJob } from './queues.js';

/** Messages that share a job at most: of one consumer, so that its batches stay of a size that it settles in seconds. */
const BUNDLE = 50;

/** Inserts in bulk, one statement per consumer. A job of one message bears its id, so that pg-boss absorbs early repeats. */
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
      await boss.insert(queueOf(consumer), inBundles(some));
    }
    // All were inserted, or an error says that nothing is certain.
    return messages.map(({ id }) => id);
  }

  /** The strategy, which shares the broker, stops it. */
  async close(): Promise<void> {}
}

function inBundles(messages: readonly Envelope[]): JobInsert<Bundle | MessageJob>[] {
  const jobs = [];
  for (let start = 0; start < messages.length; start += BUNDLE) {
    const envelopes = messages.slice(start, start + BUNDLE);
    const [envelope] = envelopes;
    jobs.push(envelope && envelopes.length === 1 ? { id: envelope.id, data: { envelope } } : { data: { envelopes } });
  }
  return jobs;
}
