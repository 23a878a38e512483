import type Stripe from 'stripe';
import type { HeldCalls } from '../engine/held-calls.js';
import type { ProviderApi, ProviderCall } from './provider-api.js';

type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;
type HttpResponse = Awaited<ReturnType<HttpClient['makeRequest']>>;

/** Under Stripe's own library in the place of its HTTP client, and of the circuit breaker around it (`ProviderCircuit`). */
export class ProviderClient {
  constructor(
    private readonly api: ProviderApi,
    private readonly calls: HeldCalls,
  ) {}

  /** The breaker goes by the process's own clock, and has its own specs. */
  room(wanted: number): number {
    return wanted;
  }

  around(_client: HttpClient): HttpClient {
    return {
      getClientName: () => 'simulation',
      makeRequest: async (_host, _port, path, method, headers, body) => {
        const call: ProviderCall = {
          method,
          path,
          body: String(body ?? ''),
          idempotencyKey: (headers as Record<string, string | undefined>)['Idempotency-Key'],
        };
        const { status, body: told } = await this.calls.pass(nameOf(call), () => this.api.answer(call), timeOut);
        return responseOf(status, told);
      },
    };
  }
}

const nameOf = ({ method, path }: ProviderCall) => `${method} ${path.replace(/^\/v1/, '').replace(/\?.*/, '')}`;

/** As the library's own client says it: not one of the codes after which it asks again whatever it was told. */
const timeOut = () => Object.assign(new TypeError('ETIMEDOUT'), { code: 'ETIMEDOUT' });

const responseOf = (status: number, body: unknown): HttpResponse => ({
  getStatusCode: () => status,
  getHeaders: () => ({ 'content-type': 'application/json', 'stripe-should-retry': 'false' }),
  getRawResponse: () => body,
  toStream: () => {
    throw new Error('Nothing is streamed here.');
  },
  toJSON: async () => body,
});
