import { Inject, Injectable, Logger } from '@nestjs/common';
import { Metrics } from '@app/observability';
import type Stripe from 'stripe';
import { begin, CLOSED, end, room, type Circuit } from './circuit.js';

type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;
type HttpResponse = Awaited<ReturnType<HttpClient['makeRequest']>>;

/** As the metric shows it. */
const LEVEL = { closed: 0, 'half-open': 1, open: 2 };

/**
 * Keeps requests from a provider that does not answer, so that nobody waits for its time-outs. It stands around the HTTP
 * client itself: no call gets past it, and each try of a call counts. Of this process alone: every replica finds out.
 */
@Injectable()
export class ProviderCircuit {
  private readonly log = new Logger('PaymentProvider');
  private circuit: Circuit = CLOSED;

  constructor(@Inject(Metrics) metrics: Metrics) {
    metrics.gauge(
      'payment_provider_circuit',
      'Circuit breaker before the payment provider: 0 closed, 1 half-open (one request probes), 2 open',
      () => LEVEL[this.circuit.state],
    );
  }

  /** How many of `wanted` requests may begin now. */
  room(wanted: number): number {
    return room(this.circuit, performance.now(), wanted);
  }

  around(client: HttpClient): HttpClient {
    return {
      getClientName: () => client.getClientName(),
      makeRequest: (...request) => this.pass(() => client.makeRequest(...request)),
    };
  }

  /** Time-outs, broken connections and 5xx are failures. With any other status the provider has answered. */
  private async pass(request: () => Promise<HttpResponse>): Promise<HttpResponse> {
    const begun = begin(this.circuit, performance.now());
    if (!begun) throw new Error('It has not answered for some time and is not asked at the moment.');
    this.circuit = begun;
    const { round } = begun;
    try {
      const response = await request();
      this.settle(round, response.getStatusCode() >= 500);
      return response;
    } catch (error) {
      this.settle(round, true);
      throw error;
    }
  }

  private settle(round: number, failed: boolean): void {
    const before = this.circuit;
    this.circuit = end(before, { round, failed }, performance.now());
    // The probes between are not told: there is one every few seconds.
    if (before.state === 'closed' && this.circuit.state === 'open')
      this.log.warn('The payment provider does not answer; what it is needed for waits');
    if (before.state === 'half-open' && this.circuit.state === 'closed')
      this.log.log('The payment provider answers again');
  }
}
