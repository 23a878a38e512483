import { ServiceTokens } from '@app/auth';
import { requestContext } from '@app/observability';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';

const TIMEOUT_MS = 10_000;

/** Files that go with mails, made by ticket-api at that moment. */
@Injectable()
export class MadeByTicketApi {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(ServiceTokens) private readonly tokens: ServiceTokens,
  ) {}

  /**
   * @param what as an error names it; @param begins with which the file does
   * @returns null when ticket-api says that there is none. @throws when it does not give an answer.
   */
  async file(path: string, { what, begins }: { what: string; begins: string }): Promise<Buffer | null> {
    const answer = await fetch(new URL(path, this.config.ticketApiInternalUrl), {
      headers: { authorization: `Bearer ${await this.tokens.sign('ticket-api')}`, ...ids() },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    }).catch((error: Error) => {
      const { code = error.name } = (error.cause ?? {}) as { code?: string };
      throw new Error(`ticket-api does not answer when asked for ${what}: ${code}`, { cause: error });
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    // A 404 of whatever else may answer at that address takes no ticket from anybody.
    if (answer.status === 404 && answer.headers.get('content-type')?.startsWith('application/problem+json'))
      return null;
    if (!answer.ok) throw new Error(`ticket-api answered ${answer.status} when asked for ${what}`);
    if (bytes.subarray(0, begins.length).toString('latin1') !== begins)
      throw new Error(`ticket-api answered with something else when asked for ${what}`);
    return bytes;
  }
}

function ids(): Record<string, string> {
  const context = requestContext.getStore();
  return context ? { 'x-request-id': context.requestId, traceparent: context.traceparent } : {};
}
