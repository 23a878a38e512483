import type { Envelope } from '@app/contracts';

/** The sending half of a transport. Only the relay publishes. */
export interface MessagePublisher {
  /** Whether the broker answers now. Asking also begins to connect. */
  isUp(): Promise<boolean>;
  /**
   * Hands messages to the broker, in this order.
   * @returns the ids of those that the broker has confirmed to hold; the others may or may not have arrived.
   */
  publishAll(messages: readonly Envelope[]): Promise<string[]>;
  close(): Promise<void>;
}

export const MESSAGE_PUBLISHER = Symbol('MessagePublisher');
