import type { CheckedOptions } from '../messaging-options.js';
import type { Transport } from '../transport.js';
import { PgBossBroker } from './pg-boss-broker.js';
import { PgBossPublisher } from './pg-boss.publisher.js';
import { PgBossStrategy } from './pg-boss.strategy.js';

/** One broker for both halves. */
export function pgBossTransport(options: CheckedOptions, url: string): Transport {
  const broker = new PgBossBroker(url, options.service);
  return {
    publisher: new PgBossPublisher(broker),
    strategy: (consumer, relay) => new PgBossStrategy(broker, options, consumer, relay),
  };
}
