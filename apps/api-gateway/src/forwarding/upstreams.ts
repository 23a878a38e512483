import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Metrics } from '@app/observability';
import { ProblemError } from '@app/problem-details';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, type Dispatcher } from 'undici';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { RetryBudget } from './retry-budget.js';
import { unavailable, wasBroken, wasNeverSent } from './silence.js';
import { UpstreamCircuit } from './upstream-circuit.js';

export type UpstreamName = keyof GatewayConfig['upstreams'];
type Sent = Omit<Dispatcher.RequestOptions, 'method'> & { method: Dispatcher.HttpMethod };

/** Idle connections are ours to close first: services keep them for 72 s and say so, so none is used while it closes. */
const POOL: Pool.Options = {
  // As many as there are places, those of webhooks too.
  connections: 144,
  connect: { timeout: 2000 },
  keepAliveTimeout: 4000,
  keepAliveMaxTimeout: 60_000,
  headersTimeout: 30_000,
  bodyTimeout: 30_000,
};
/** A service that is being restarted listens again within about this time (milliseconds). */
const PAUSE_MS = 200;
const SAFE = new Set(['GET', 'HEAD']);

interface Upstream {
  pool: Pool;
  circuit: UpstreamCircuit;
  budget: RetryBudget;
}

/** Pooled connections to the services, each behind a circuit breaker. */
@Injectable()
export class Upstreams implements OnApplicationShutdown {
  private readonly upstreams = new Map<UpstreamName, Upstream>();
  private readonly retries;

  constructor(
    @Inject(GATEWAY_CONFIG) { upstreams }: Pick<GatewayConfig, 'upstreams'>,
    @Inject(Metrics) metrics: Metrics,
  ) {
    for (const name of Object.keys(upstreams) as UpstreamName[])
      this.upstreams.set(name, {
        pool: new Pool(upstreams[name], POOL),
        circuit: new UpstreamCircuit(name),
        budget: new RetryBudget(),
      });
    metrics.gauges(
      'upstream_circuit',
      'Circuit breaker before a service: 0 closed, 1 half-open (one request probes), 2 open',
      'upstream',
      () => [...this.upstreams].map(([name, { circuit }]) => [name, circuit.level]),
    );
    this.retries = metrics.counter(
      'upstream_retries_total',
      'Requests to a service that had no answer and were sent again, or would have been but for the budget',
      ['upstream', 'outcome'],
    );
  }

  /** @throws ProblemError `service-unavailable` when there is no answer, or the service is not asked at the moment. */
  async send(name: UpstreamName, request: Sent): Promise<Dispatcher.ResponseData> {
    const { pool } = this.of(name);
    const mayRepeat = (error: unknown) => wasNeverSent(error) || (SAFE.has(request.method) && wasBroken(error));
    return this.reach(name, () => pool.request(request), mayRepeat).catch((error: unknown) => {
      throw error instanceof ProblemError ? error : unavailable(name, error);
    });
  }

  /**
   * Does `work`, which asks the service, and once more if that can do no harm: what was never sent, or what changes nothing.
   * @throws ProblemError `service-unavailable`, at once, while the service is not asked; otherwise what `work` throws
   */
  async reach<Value>(
    name: UpstreamName,
    work: () => Promise<Value>,
    mayRepeat: (error: unknown) => boolean = wasNeverSent,
  ): Promise<Value> {
    const { circuit, budget } = this.of(name);
    budget.earn();
    try {
      return await circuit.pass(work);
    } catch (error) {
      if (!mayRepeat(error)) throw error;
      const isLeft = budget.spend();
      this.retries.inc({ upstream: name, outcome: isLeft ? 'sent' : 'withheld' });
      if (!isLeft) throw error;
      if (wasNeverSent(error)) await sleep(PAUSE_MS);
      return circuit.pass(work);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.upstreams.values()].map(({ pool }) => pool.close()));
  }

  private of(name: UpstreamName): Upstream {
    const upstream = this.upstreams.get(name);
    if (!upstream) throw new Error(`There is no upstream ${name}.`);
    return upstream;
  }
}
