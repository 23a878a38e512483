import { constants } from 'node:os';
import { ConfigurationError } from '@app/configuration';

/** An error that the person who started us can mend: its message is the whole story, without a stack. */
export class ExpectedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ExpectedError';
  }
}

/** We were told to stop in the middle of a start: whatever fails from then on fails for that. */
export class Interrupted extends ExpectedError {
  /** As shells have it: 128 and the signal's number; 1 without a signal. */
  readonly exitStatus: number;

  constructor(why: string) {
    super('Stopped before everything was started.');
    this.exitStatus = why in constants.signals ? 128 + constants.signals[why as NodeJS.Signals] : 1;
  }
}

/** What a person is told of an error: only those that nobody expected need a stack. */
export function storyOf(error: unknown): string {
  if (error instanceof ExpectedError || error instanceof ConfigurationError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
