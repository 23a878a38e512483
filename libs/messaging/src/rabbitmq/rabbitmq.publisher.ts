import type { Envelope } from '@app/contracts';
import { ClientRMQ } from '@nestjs/microservices';
import type { Channel } from 'amqplib';
import type { MessagePublisher } from '../message-publisher.js';
import { withTimeLimit } from '../time-limit.js';
import { SOCKET_OPTIONS, superviseChannel, writeTogether } from './connection.js';
import type { RabbitMqAddress } from './rabbitmq-address.js';
import { declareTopology } from './topology.js';

/** Milliseconds; the second until a message counts as unconfirmed. */
const CONNECT_LIMIT = 5_000;
const CONFIRM_LIMIT = 5_000;

/**
 * Nest's RabbitMQ client, on a connection of its own: a broker that slows publishers down must not slow consumers too.
 * It asks for no answers, so the channel declares the topology and nothing else.
 */
export class RabbitMqPublisher extends ClientRMQ implements MessagePublisher {
  constructor(private readonly address: RabbitMqAddress) {
    super({
      urls: [address.url],
      socketOptions: SOCKET_OPTIONS,
    });
  }

  async isUp(): Promise<boolean> {
    // The client connects on demand; once it was connected it comes back by itself.
    if (!this.client) await withTimeLimit(this.connect(), CONNECT_LIMIT, 'connecting').catch(() => undefined);
    return this.client?.isConnected() ?? false;
  }

  async publishAll(messages: readonly Envelope[]): Promise<string[]> {
    await this.connect();
    // The body on the wire is the envelope, readable by clients that know nothing of Nest. Not by `emit`: what that wraps
    // around each message takes longer than sending it.
    const confirms = messages.map((message) =>
      this.channel.publish(this.address.names.messages, message.type, Buffer.from(JSON.stringify(message)), {
        ...propertiesOf(message),
        timeout: CONFIRM_LIMIT,
      }),
    );
    const outcomes = await Promise.allSettled(confirms);
    return messages.filter((_, index) => outcomes[index]?.status === 'fulfilled').map(({ id }) => id);
  }

  override async setupChannel(channel: Channel, ready: () => void): Promise<void> {
    superviseChannel(channel, this.channel, this.client, this.logger);
    writeTogether(channel);
    await declareTopology(channel, this.address);
    ready();
  }
}

const propertiesOf = (message: Envelope) => ({
  persistent: true,
  contentType: 'application/json',
  messageId: message.id,
  type: message.type,
  correlationId: message.correlationId,
  timestamp: Math.floor(Date.parse(message.occurredAt) / 1000),
  ...(message.traceparent ? { headers: { traceparent: message.traceparent } } : {}),
});
