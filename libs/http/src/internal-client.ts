import type { ServiceTokens } from '@app/auth';
import { requestContext } from '@app/observability';
import { ProblemError } from '@app/problem-details';
import { Pool } from 'undici';
import type { z } from 'zod';

export interface InternalClientOptions {
  /** The service that is called, as its token's audience. */
  service: string;
  /** Base address of its internal port. */
  url: string;
  tokens: ServiceTokens;
  /** Milliseconds for the whole call; 5000 if absent. */
  timeout?: number;
  /** At the same time at most; 32 if absent, null for as many as are asked for. */
  connections?: number | null;
}

/** The other service answered, but not with success. */
export class InternalCallError extends Error {
  constructor(
    service: string,
    path: string,
    readonly status: number,
    /** `code` of the problem document, if it was one. */
    readonly code: string | undefined,
  ) {
    super(`${service} answered ${status} ${code ?? ''} to ${path}`);
    this.name = 'InternalCallError';
  }
}

/**
 * Calls another service's `/internal/*` routes with this service's token and the request's ids. Answers are read by `schema`.
 * @throws ProblemError `service-unavailable` when it is away, too slow or failing; InternalCallError for 4xx.
 */
export class InternalClient {
  private readonly pool: Pool;

  constructor(private readonly options: InternalClientOptions) {
    const { url, connections = 32 } = options;
    this.pool = new Pool(url, { connections, connect: { timeout: 2000 }, keepAliveTimeout: 10_000 });
  }

  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
    return this.call('GET', path, schema);
  }

  post<Schema extends z.ZodType>(path: string, body: unknown, schema: Schema): Promise<z.infer<Schema>> {
    return this.call('POST', path, schema, JSON.stringify(body));
  }

  /** Like `post`, with a token for this very body, for routes that ask for one. */
  async postSigned<Schema extends z.ZodType>(path: string, body: unknown, schema: Schema): Promise<z.infer<Schema>> {
    const text = JSON.stringify(body);
    const { service, tokens } = this.options;
    return this.call('POST', path, schema, text, await tokens.signBody(service, text));
  }

  /**
   * The bytes of an answer that goes on until `signal` ends it. Takes one of the connections for as long.
   * @throws ProblemError `service-unavailable`; InternalCallError for 4xx; what breaks later breaks the reading
   */
  async stream(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const { service, tokens } = this.options;
    const headers = { authorization: `Bearer ${await tokens.sign(service)}` };
    const answer = await this.pool
      .request({ method: 'GET', path, headers, signal, headersTimeout: 5_000, bodyTimeout: 40_000 })
      .catch((error: unknown) => {
        throw Object.assign(unavailable(service), { cause: error });
      });
    const { statusCode: status, body } = answer;
    if (status === 200) return body;
    const text = await body.text();
    throw status >= 500 ? unavailable(service) : new InternalCallError(service, path, status, codeOf(text));
  }

  /** What is under way is ended. */
  destroy(): Promise<void> {
    return this.pool.destroy();
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private async call<Schema extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    schema: Schema,
    body?: string,
    token?: string,
  ): Promise<z.infer<Schema>> {
    const { service, tokens, timeout = 5000 } = this.options;
    const headers = {
      authorization: `Bearer ${token ?? (await tokens.sign(service))}`,
      ...ids(),
      ...(body ? JSON_TYPE : {}),
    };
    const signal = AbortSignal.timeout(timeout);
    const { status, text } = await this.pool
      .request({ method, path, headers, signal, ...(body === undefined ? {} : { body }) })
      .then(async (answer) => ({ status: answer.statusCode, text: await answer.body.text() }))
      .catch((error: unknown) => {
        throw Object.assign(unavailable(service), { cause: error });
      });
    if (status >= 500) throw unavailable(service);
    if (status >= 300) throw new InternalCallError(service, path, status, codeOf(text));
    return schema.parse(JSON.parse(text));
  }
}

export const internalClient = (options: InternalClientOptions) => new InternalClient(options);

const JSON_TYPE = { 'content-type': 'application/json' };

const unavailable = (service: string) => new ProblemError('service-unavailable', `${service} does not answer.`);

function ids(): Record<string, string> {
  const context = requestContext.getStore();
  return context ? { 'x-request-id': context.requestId, traceparent: context.traceparent } : {};
}

function codeOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { code?: string }).code;
  } catch {
    return undefined;
  }
}
