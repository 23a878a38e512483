import type { Consumer } from '@app/contracts';

/** A message that no further try would have helped, or that ran out of tries. */
export interface DeadLetter {
  /** Whose it is; `unroutable` if the broker knew no queue for it. */
  service: Consumer | typeof UNROUTABLE;
  /** The message's id. Of a body that has none: the broker's. */
  id: string;
  type: string;
  failures: number;
  error: string;
  diedAt: string | null;
  /** As it came. */
  body: unknown;
}

export const UNROUTABLE = 'unroutable';

export type Choice = (letter: DeadLetter) => boolean;

/** The dead letters of a broker. */
export interface DeadLetters {
  list(choice: Choice): Promise<DeadLetter[]>;
  /**
   * Gives letters back to the service whose they are, and to no other, with all their tries before them. Each is removed
   * after the broker holds it again: a crash in between makes a duplicate, which the inbox absorbs.
   * @returns those that were given back.
   */
  replay(choice: Choice): Promise<DeadLetter[]>;
  close(): Promise<void>;
}

/** What can be said of a body, whatever it is. */
export function idAndType(body: unknown, fallbackId: string): Pick<DeadLetter, 'id' | 'type'> {
  const { id, type } = (body ?? {}) as { id?: unknown; type?: unknown };
  return { id: typeof id === 'string' ? id : fallbackId, type: typeof type === 'string' ? type : '?' };
}
