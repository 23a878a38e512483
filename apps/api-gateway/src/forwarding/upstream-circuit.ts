import { Logger } from '@nestjs/common';
import { BrokenCircuitError, circuitBreaker, CircuitState, handleWhen, SamplingBreaker } from 'cockatiel';
import { unavailable, wasSilent } from './silence.js';

/** Milliseconds for which nobody asks; then one request finds out. */
const PAUSE = 1_000;
/** More than half of at least ten requests within five seconds have had no answer. */
const OPENING = { threshold: 0.5, duration: 5_000, minimumRps: 2 };
/** As the metric shows it. */
const LEVEL: Partial<Record<CircuitState, number>> = { [CircuitState.HalfOpen]: 1, [CircuitState.Open]: 2 };

/**
 * Keeps requests from a service that gives no answer, so that nobody waits for time-outs and it is not run down when it
 * comes back. Only silence counts: whoever answers, with 4xx, 5xx or "too many", is there. Each replica finds out for itself.
 */
export class UpstreamCircuit {
  private readonly log = new Logger('Upstream');
  private readonly policy = circuitBreaker(handleWhen(wasSilent), {
    halfOpenAfter: PAUSE,
    breaker: new SamplingBreaker(OPENING),
  });

  constructor(private readonly name: string) {
    let isOpen = false;
    this.policy.onBreak(() => {
      // The probes between are not told: there is one every second.
      if (!isOpen) this.log.warn(`${name} does not answer and is not asked for the moment`);
      isOpen = true;
    });
    this.policy.onReset(() => {
      this.log.log(`${name} answers again`);
      isOpen = false;
    });
  }

  /** 0 closed, 1 half-open (one request probes), 2 open. */
  get level(): number {
    return LEVEL[this.policy.state] ?? 0;
  }

  /** @throws ProblemError `service-unavailable`, at once, while the service is not asked; otherwise what `work` throws */
  pass<Value>(work: () => Promise<Value>): Promise<Value> {
    // The library would have everybody wait for the probe.
    if (this.policy.state === CircuitState.HalfOpen) return Promise.reject(this.notAsked());
    return this.policy.execute(work).catch((error: unknown) => {
      throw error instanceof BrokenCircuitError ? this.notAsked() : error;
    });
  }

  private notAsked(): Error {
    return unavailable(this.name, undefined);
  }
}
