/** An error that a person can mend: its message is the whole story, without a stack. */
export class ExpectedError extends Error {
  expected = true;
}
