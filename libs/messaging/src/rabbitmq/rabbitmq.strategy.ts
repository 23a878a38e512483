import { crashPoint } from '@app/observability';
import { ServerRMQ } from '@nestjs/microservices';
import type { Channel, ConsumeMessage } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertHandlers, callHandler } from '../consumption/handlers.js';
import type { MessageConsumer } from '../consumption/message-consumer.js';
import { RunningHandlers } from '../consumption/running-handlers.js';
import type { MessageStrategy } from '../message-strategy.js';
import { HANDLERS_LIMIT } from '../message-strategy.js';
import type { CheckedOptions } from '../messaging-options.js';
import type { Relay } from '../outbox/relay.js';
import { RECONNECT_SECONDS, SOCKET_OPTIONS, superviseChannel, writeTogether } from './connection.js';
import { failuresOf, forwarded, readBody } from './delivery.js';
import type { RabbitMqAddress } from './rabbitmq-address.js';
import { declareRetryQueues, declareTopology } from './topology.js';

/** Messages being worked on at once, in groups; the rest waits at the broker. */
const PREFETCH = 100;
const FORWARD_LIMIT = 5_000;

/**
 * Nest's RabbitMQ server with another way through: every delivery is awaited and then acknowledged, put into a retry
 * queue or among the dead letters, with a confirm before the acknowledgement. Reconnecting stays Nest's.
 */
export class RabbitMqStrategy extends ServerRMQ implements MessageStrategy {
  private readonly handlers = new RunningHandlers();
  private deliveries: Channel | undefined;
  private stopping = false;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly address: RabbitMqAddress,
    private readonly settings: CheckedOptions,
    private readonly consumer: MessageConsumer,
    private readonly relay: Relay,
  ) {
    super({
      urls: [address.url],
      queue: address.names.queueOf(settings.service),
      noAck: false,
      socketOptions: SOCKET_OPTIONS,
    });
  }

  /** Answers at once: a service starts, and serves HTTP, while the broker is away. */
  override async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      assertHandlers(this.settings.service, this.getHandlers());
      await this.start();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  async isUp(): Promise<boolean> {
    return this.deliveries !== undefined && this.server?.isConnected();
  }

  /** As the broker counts them; whose queue was deleted has it again with the next channel. */
  async deadLetters(): Promise<number> {
    if (!this.deliveries) throw new Error('the broker does not answer');
    const { messageCount } = await this.deliveries.checkQueue(this.address.names.deadLettersOf(this.settings.service));
    return messageCount;
  }

  override async setupChannel(channel: Channel): Promise<void> {
    if (this.stopping) return;
    superviseChannel(channel, this.channel, this.server, this.logger);
    writeTogether(channel);
    try {
      await declareTopology(channel, this.address);
      await declareRetryQueues(channel, this.address, this.settings.service, this.settings.retryDelays);
      await channel.prefetch(PREFETCH);
      channel.once('close', () => (this.deliveries = undefined));
      const take = (message: ConsumeMessage | null) => {
        // The broker says null when it has cancelled the consumer, as when the queue was deleted.
        void (message ? this.handleMessage(message, channel) : channel.close().catch(() => undefined));
      };
      await channel.consume(this.queue, take, { consumerTag: CONSUMER_TAG });
      this.deliveries = channel;
    } catch (error) {
      // A closed channel is replaced (see `superviseChannel`); an open one without a consumer would stay silent.
      await channel.close().catch(() => undefined);
      throw error;
    }
  }

  override async handleMessage(message: ConsumeMessage, channel: Channel): Promise<void> {
    await this.handlers.track(this.deliver(message, channel));
  }

  async stopTaking(): Promise<void> {
    this.stopping = true;
    await this.deliveries?.cancel(CONSUMER_TAG).catch(() => undefined);
  }

  /** What still runs after the limit is delivered again elsewhere. */
  override close(): Promise<void> {
    return (this.closing ??= this.finish());
  }

  private async finish(): Promise<void> {
    await this.stopTaking();
    await this.handlers.settled(HANDLERS_LIMIT);
    await this.relay.stop();
    await super.close();
  }

  private async deliver(message: ConsumeMessage, channel: Channel): Promise<void> {
    try {
      await this.settle(message);
      channel.ack(message);
      crashPoint('consumer/after-acknowledgement', () => [{ what: message.properties.type as string }]);
    } catch (error) {
      this.logger.warn(`A delivery is given back: ${(error as Error).message}`);
      await sleep(RECONNECT_SECONDS * 1000);
      if (this.deliveries === channel) channel.nack(message, false, true);
    }
  }

  /** @throws when the broker does not confirm where the message goes next. */
  private async settle(message: ConsumeMessage): Promise<void> {
    const { names } = this.address;
    const { service } = this.settings;
    const outcome = await this.consumer.consume(readBody(message), failuresOf(message), (group) =>
      callHandler(this, group),
    );
    if (outcome.kind === 'done') return;
    const queue =
      outcome.kind === 'retry' ? names.retryQueueOf(service, outcome.afterSeconds) : names.deadLettersOf(service);
    await this.channel.publish(names.queues, queue, message.content, {
      ...forwarded(message, outcome),
      timeout: FORWARD_LIMIT,
    });
  }
}

/** Names the consumer on its channel, of which there is one per process. */
const CONSUMER_TAG = 'messages';
