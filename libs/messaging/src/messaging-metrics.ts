import { Metrics } from '@app/observability';
import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_STRATEGY, type MessageStrategy } from './message-strategy.js';
import { MOST_COUNTED, Relay } from './outbox/relay.js';
import { withTimeLimit } from './time-limit.js';

/** Milliseconds that a scrape waits for the database or the broker. */
const ANSWER_LIMIT = 2_000;

/**
 * What waits and what died, of this service: every replica tells the same. A scrape shows the rest of the metrics, and NaN
 * here, while the database or the broker is away.
 */
@Injectable()
export class MessagingMetrics {
  constructor(
    @Inject(Metrics) metrics: Metrics,
    @Inject(Relay) relay: Relay,
    @Inject(MESSAGE_STRATEGY) strategy: MessageStrategy,
  ) {
    const told = (read: () => Promise<number>) => () =>
      withTimeLimit(read(), ANSWER_LIMIT, 'reading a metric').catch(() => NaN);
    metrics.gauge(
      'outbox_messages',
      `Messages that no broker has confirmed yet; no more than ${MOST_COUNTED} are counted`,
      told(async () => (await relay.backlog()).messages),
    );
    metrics.gauge(
      'outbox_oldest_seconds',
      'How long the oldest message of the outbox has waited; 0: none does',
      told(async () => (await relay.backlog()).oldestSeconds),
    );
    metrics.gauge(
      'dead_letters',
      'Messages to this service that no further try would have helped; a person has to look at them',
      told(() => strategy.deadLetters()),
    );
  }
}
