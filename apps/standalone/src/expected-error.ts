/** An error that the person who started us can mend: its message is the whole story, without a stack. */
export class ExpectedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ExpectedError';
  }
}
