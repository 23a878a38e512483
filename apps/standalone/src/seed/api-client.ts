import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a service that restarts, or a rate limit, may cost us at most; in milliseconds. */
const PATIENCE = 60_000;
const PAUSE = 250;

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** An answer that was not expected, with the API's own words. */
export class UnexpectedAnswer extends Error {
  constructor(call: string, { status, body }: Answer<unknown>) {
    super(`${call} was answered with ${status} ${JSON.stringify(body)}`);
    this.name = 'UnexpectedAnswer';
  }
}

/** The REST API as any client sees it. Request ids begin with `ownCalls`. */
export class ApiClient {
  private token: string | undefined;

  constructor(
    private readonly base: string,
    private readonly signal: AbortSignal,
    private readonly ownCalls: string,
  ) {}

  /** The same API as the person whom this token names. */
  as(token: string): ApiClient {
    const client = new ApiClient(this.base, this.signal, this.ownCalls);
    client.token = token;
    return client;
  }

  /** @throws UnexpectedAnswer for a status that is not among `expected` */
  async call<Body>(
    method: 'GET' | 'POST',
    path: string,
    body: unknown,
    expected: readonly number[],
  ): Promise<Answer<Body>> {
    for (const end = Date.now() + PATIENCE; ; await sleep(PAUSE, undefined, { signal: this.signal })) {
      const answer = await this.send<Body>(method, path, body).catch((error: unknown) => {
        if (this.signal.aborted || Date.now() > end) throw error;
      });
      if (!answer) continue;
      if (expected.includes(answer.status)) return answer;
      if (![429, 502, 503, 504].includes(answer.status) || Date.now() > end)
        throw new UnexpectedAnswer(`${method} ${path}`, answer);
    }
  }

  private async send<Body>(method: string, path: string, body: unknown): Promise<Answer<Body>> {
    const response = await fetch(this.base + path, {
      method,
      signal: AbortSignal.any([this.signal, AbortSignal.timeout(10_000)]),
      headers: {
        'x-request-id': this.ownCalls + randomUUID(),
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as Body };
  }
}
