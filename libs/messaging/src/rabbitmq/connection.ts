import type { LoggerService } from '@nestjs/common';
import type { AmqpConnectionManager, ChannelWrapper } from 'amqp-connection-manager';
import type { Channel } from 'amqplib';
import type { Socket } from 'node:net';

export const RECONNECT_SECONDS = 1;

/** Without `noDelay` small messages wait for Nagle's algorithm; without a heartbeat a dead peer is never noticed. */
export const SOCKET_OPTIONS = {
  heartbeatIntervalInSeconds: 5,
  reconnectTimeInSeconds: RECONNECT_SECONDS,
  connectionOptions: { noDelay: true, timeout: 5_000 },
};

/**
 * The connection manager opens a new channel only with a new connection. A channel that ends alone (a refused
 * declaration, an acknowledgement that came too late) would stay dead: then connect anew. Its errors are logged, where
 * an error event without a listener would end the process.
 */
export function superviseChannel(
  channel: Channel,
  wrapper: ChannelWrapper,
  manager: AmqpConnectionManager,
  log: LoggerService,
): void {
  const { connection } = manager;
  const note = (error: Error) => log.error(`RabbitMQ channel: ${error.message}`);
  channel.on('error', note);
  if (wrapper.listenerCount('error') === 0) wrapper.on('error', note);
  channel.on('close', () => {
    setTimeout(() => {
      if (connection && manager.connection === connection) manager.reconnect();
    }, RECONNECT_SECONDS * 1000).unref();
  });
}

/**
 * amqplib makes a system call of each frame, so a crowd's messages and acknowledgements cost more in the kernel than
 * anywhere else: what one turn of the event loop writes leaves together.
 */
export function writeTogether(channel: Channel): void {
  const { stream } = channel.connection as unknown as { stream: Socket };
  if (Object.hasOwn(stream, 'write')) return;
  const write = stream.write.bind(stream) as (...given: unknown[]) => boolean;
  stream.write = (...given: unknown[]) => {
    if (stream.writableCorked === 0) {
      stream.cork();
      process.nextTick(() => stream.uncork());
    }
    return write(...given);
  };
}
