import { openService, type RunningService } from '@app/http';
import { createLogger } from '@app/observability';
import { readConfig } from '../config.js';
import { gateway } from '../gateway.js';
import { PUBLIC_URL } from './access-tokens.js';
import { serviceKeys } from './ticket-api.js';

/**
 * The gateway as it is, on free ports, in front of these addresses.
 * @param lines what it logs, from `warn` on
 */
export function openGateway(environment: Record<string, string>, lines: LogLine[] = []): Promise<RunningService> {
  const { signingKey, publicKeys } = serviceKeys['api-gateway'];
  const config = readConfig({
    PORT: '0',
    INTERNAL_PORT: '0',
    // What travels in a group does not pass through the forwarder that most specs look at.
    ORDER_BATCH_SIZE: '1',
    PUBLIC_URL,
    SERVICE_SIGNING_KEY: signingKey,
    SERVICE_PUBLIC_KEYS: JSON.stringify(publicKeys),
    ...environment,
  });
  const logger = createLogger('api-gateway', 'warn', { write: (line) => lines.push(JSON.parse(line)) });
  return openService(gateway, config, logger);
}

export type LogLine = Record<string, unknown>;

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown> & { headers?: Record<string, string> };
}

export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(url, { redirect: 'manual', ...init });
  const text = await answer.text();
  const isJson = /json/.test(answer.headers.get('content-type') ?? '') && text !== '';
  return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : {} };
}

export const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
