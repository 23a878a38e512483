import { isUtf8 } from 'node:buffer';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { openCache, type Cache, type Lease } from '@app/caching';
import { getAvailability, getEvent, type Operation } from '@app/contracts';
import type { FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { etagOf } from './conditional.js';

/** An answer that is the same for everybody, ready to be sent. */
export interface Page {
  /** A string and its headers leave in one write, bytes in two. */
  text: string;
  /** Bytes. */
  length: number;
  etag: string;
  type: string;
}

/** What a service said, for the one who asked. */
export interface Said {
  statusCode: number;
  headers: IncomingHttpHeaders;
  /** None of an answer to HEAD; a stream of what is large. */
  body: Buffer | Readable | undefined;
}

/** Milliseconds that a page may be old. */
const TIME_TO_LIVE = 1_000;
const MOST = { entries: 10_000, bytes: 32 * 1024 * 1024 };
const LARGEST = 256 * 1024;
/** A page that is asked for less often in a second is not worth keeping, and a person alone sees every change at once. */
const MIN_USES = 5;
const SHARED: ReadonlySet<string> = new Set([getEvent.id, getAvailability.id]);

/**
 * Pages of events for the many who look at the same moment: read once for all of them and kept for at most a second, if
 * the service says that they are the same for everybody. Every write to an event that passes here ends what is kept of it.
 */
@Injectable()
export class SharedPages implements OnApplicationShutdown {
  private readonly cache: Cache<Page>;
  private readonly readings = new Map<string, { lease: Lease; page: Promise<Page | undefined> }>();
  private readonly uses = new Uses();

  constructor(@Inject(GATEWAY_CONFIG) { redis }: Pick<GatewayConfig, 'redis'>) {
    const sizeOf = ({ length }: Page) => length;
    this.cache = openCache({ name: 'event-pages', timeToLive: TIME_TO_LIVE, most: MOST, sizeOf }, redis);
  }

  /** The page that is asked for, unless it has to come from the service itself. */
  keyOf(operation: Operation, { params, url, headers }: FastifyRequest): string | undefined {
    if (!SHARED.has(operation.id) || url.includes('?')) return undefined;
    if (headers['cache-control'] !== undefined && /no-cache|no-store/i.test(headers['cache-control'])) return undefined;
    return pageOf(operation.id, params);
  }

  get(key: string): Page | undefined {
    return this.cache.get(key);
  }

  /** @param ask asks the service; called once for all who want the page meanwhile, unless it is for each of them alone */
  async read(key: string, ask: () => Promise<Said>): Promise<Page | Said> {
    if (this.uses.count(key) < MIN_USES) return ask();
    const reading = this.readings.get(key);
    if (!reading || !this.cache.holds(reading.lease)) return this.lead(key, ask);
    return (await reading.page) ?? ask();
  }

  /** To be called when a write has passed, whatever came of it: one whose answer was lost may have been done. */
  written({ method }: Operation, { params }: FastifyRequest): void {
    if (method === 'GET' || (params as { eventId?: string }).eventId === undefined) return;
    for (const id of SHARED) this.cache.drop(pageOf(id, params));
  }

  onApplicationShutdown(): void {
    this.cache.close();
  }

  private async lead(key: string, ask: () => Promise<Said>): Promise<Page | Said> {
    const lease = this.cache.lease(key);
    const said = ask();
    const reading = { lease, page: said.then(toPage, () => undefined) };
    this.readings.set(key, reading);
    const page = await reading.page;
    this.readings.delete(key);
    if (!page) return said;
    this.cache.put(lease, page);
    return page;
  }
}

const pageOf = (operationId: string, params: unknown) =>
  `${(params as { eventId: string }).eventId.toLowerCase()}:${operationId}`;

/** Only what its service calls the same for everybody (RFC 9213), and nothing that says otherwise in another way. */
function toPage({ statusCode, headers, body }: Said): Page | undefined {
  const isShared = statusCode === 200 && /^max-age=[1-9]/.test(String(headers['cdn-cache-control'] ?? ''));
  const isPersonal = headers['set-cookie'] !== undefined || headers.vary !== undefined;
  if (!isShared || isPersonal || !Buffer.isBuffer(body) || body.length > LARGEST || !isUtf8(body)) return undefined;
  const type = headers['content-type'] ?? 'application/json';
  return { text: body.toString(), length: body.length, etag: etagOf(body), type };
}

/** How often each page was asked for in the second since it was asked for first. */
class Uses {
  private readonly counts = new Map<string, { count: number; since: number }>();

  count(key: string): number {
    const now = performance.now();
    const counted = this.counts.get(key);
    if (counted && now - counted.since < 1_000) return (counted.count += 1);
    if (this.counts.size >= MOST.entries) this.counts.clear();
    this.counts.set(key, { count: 1, since: now });
    return 1;
  }
}
