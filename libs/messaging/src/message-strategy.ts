import type { CustomTransportStrategy } from '@nestjs/microservices';

/** The receiving half of a transport. `close()` stops taking, lets handlers finish, flushes the relay and disconnects. */
export interface MessageStrategy extends CustomTransportStrategy {
  isUp(): Promise<boolean>;
  /** How many messages to this service died, without a look at each. @throws while the broker is away */
  deadLetters(): Promise<number>;
  /** Takes no more messages; those being worked on go on. */
  stopTaking(): Promise<void>;
}

/** Milliseconds that a shutdown waits for running handlers; the flush of the relay comes after and takes 4 s at most. */
export const HANDLERS_LIMIT = 20_000;

export const MESSAGE_STRATEGY = Symbol('MessageStrategy');
