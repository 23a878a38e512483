import { ConfigurationError } from '@app/configuration';

/** An error that the person who started us can mend: its message is the whole story, without a stack. */
export class ExpectedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ExpectedError';
  }
}

/** What a person is told of an error: only those that nobody expected need a stack. */
export function storyOf(error: unknown): string {
  if (error instanceof ExpectedError || error instanceof ConfigurationError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
