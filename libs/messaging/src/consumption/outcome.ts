/** What the transport has to do with a message after a try. */
export type Outcome = { kind: 'done' } | FailedTry;

export type FailedTry =
  | {
      kind: 'retry';
      /** Seconds, one of the configured delays. */
      afterSeconds: number;
      /** Failed tries that count towards the limit, this one included unless it was not the message's fault. */
      failures: number;
      error: string;
    }
  | { kind: 'dead'; failures: number; error: string };

/** After `failures` failed tries (this one included): the next delay, or the end. */
export function afterFailure(failures: number, delays: readonly number[], error: string): FailedTry {
  const afterSeconds = delays[failures - 1];
  return afterSeconds === undefined
    ? { kind: 'dead', failures, error }
    : { kind: 'retry', afterSeconds, failures, error };
}
