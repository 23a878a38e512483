/**
 * The circuit breaker before the provider. Pure: a circuit, what happens and the time go in, the next circuit comes out.
 * `closed → open` when requests fail, `open → half-open` with the one request that probes after a pause, and by its
 * outcome `closed` or `open` again. Times are milliseconds of a clock that only goes forward.
 */
export type Circuit = {
  /** Changes with the state: outcomes of requests from an earlier round say nothing of this one. */
  readonly round: number;
} & (
  | { readonly state: 'closed'; readonly outcomes: readonly Outcome[] }
  | {
      readonly state: 'open' | 'half-open';
      /** When the next request may probe. */
      readonly probeAt: number;
    }
);

interface Outcome {
  at: number;
  failed: boolean;
}

/** So many failures among so many latest requests, all of them within the window, open the circuit. */
export const FAILURES = 5;
export const LATEST = 10;
export const WINDOW = 60_000;
/** How long nobody asks. */
export const PAUSE = 2_000;
/** A probe that has no outcome by then is given up: another one may go. Longer than a request's own time limit. */
export const PROBE_LIMIT = 15_000;

export const CLOSED: Circuit = { state: 'closed', round: 0, outcomes: [] };

/** The circuit once a request has begun, whose `round` its outcome has to name; null when it may not begin. */
export function begin(circuit: Circuit, now: number): Circuit | null {
  if (circuit.state === 'closed') return circuit;
  if (now < circuit.probeAt) return null;
  return { state: 'half-open', round: circuit.round + 1, probeAt: now + PROBE_LIMIT };
}

/** A request of that round has ended. */
export function end(circuit: Circuit, { round, failed }: { round: number; failed: boolean }, now: number): Circuit {
  if (round !== circuit.round) return circuit;
  if (circuit.state !== 'closed') return failed ? opened(circuit, now) : { ...CLOSED, round: round + 1 };
  const outcomes = [...circuit.outcomes, { at: now, failed }].filter(({ at }) => now - at < WINDOW).slice(-LATEST);
  const failures = outcomes.filter((outcome) => outcome.failed).length;
  return failures < FAILURES ? { ...circuit, outcomes } : opened(circuit, now);
}

/** How many of `wanted` requests may begin. */
export function room(circuit: Circuit, now: number, wanted: number): number {
  if (circuit.state === 'closed') return wanted;
  return now < circuit.probeAt ? 0 : Math.min(1, wanted);
}

const opened = ({ round }: Circuit, now: number): Circuit => ({
  state: 'open',
  round: round + 1,
  probeAt: now + PAUSE,
});
