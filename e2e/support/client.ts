/** A client written from the REST contract alone: what it knows is in the OpenAPI document. */
export interface Answer<Body = any> {
  status: number;
  headers: Headers;
  body: Body;
}

export class Client {
  constructor(
    private readonly api: string,
    private readonly accessToken?: string,
  ) {}

  as(accessToken: string): Client {
    return new Client(this.api, accessToken);
  }

  /** The same person at another address. */
  moved(api: string): Client {
    return new Client(api, this.accessToken);
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', path, body, headers);
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(path.startsWith('http') ? path : this.api + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(this.accessToken && { authorization: `Bearer ${this.accessToken}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && {
        body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
      }),
    });
    return { status: response.status, headers: response.headers, body: await read(response) };
  }
}

async function read(response: Response): Promise<unknown> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const type = response.headers.get('content-type') ?? '';
  if (/json/.test(type)) return bytes.length === 0 ? undefined : JSON.parse(bytes.toString('utf8'));
  return /text|xml/.test(type) ? bytes.toString('utf8') : bytes;
}

/** Asks again until `done` likes the answer; the last answer, or what went wrong with it, is in the error. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T>,
  done: (answer: T) => boolean,
  milliseconds = 20_000,
): Promise<T> {
  for (const end = Date.now() + milliseconds; ; await new Promise((wake) => setTimeout(wake, 100))) {
    let last: string;
    try {
      const answer = await ask();
      if (done(answer)) return answer;
      last = JSON.stringify(answer, null, 1)?.slice(0, 2_000);
    } catch (error) {
      last = String(error);
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${milliseconds} ms; at last ${last}`);
  }
}
