import type { CheckinManifest, CheckinUploadResults } from '@app/contracts';
import type { KeptMovement } from './scanner-store.js';

/** What the platform said no to. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly problem: { detail?: string; checkedInAt?: string; gate?: string | null },
  ) {
    super(problem.detail ?? code);
  }
}

/** Nobody answered in time, or somebody who could not: the gate has to judge by itself. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

export interface PlatformOptions {
  /** Of the REST API, such as `https://tickets.example/api/v1`. */
  baseUrl: string;
  /**
   * Headers with the credential of the device or of the person who scans, asked for at each request. Where they cannot be
   * had without network it throws: then nobody is asked.
   */
  headers: () => Record<string, string> | Promise<Record<string, string>>;
  deviceId: string;
  /** Milliseconds after which a scan is judged without the platform: people are waiting. */
  scanTimeout?: number;
  /** Milliseconds for a page of the manifest or an upload. */
  syncTimeout?: number;
  fetch?: typeof fetch;
}

/** What admits and what lets out, in one. */
export interface MovementAnswer {
  ticketId: string;
  checkedInAt?: string;
  leftAt?: string;
  gate: string | null;
  reentry?: boolean;
}

export interface AskedScan {
  code: string;
  eventId: string;
  gate: string | undefined;
  scanId: string;
  direction: 'in' | 'out';
}

/** A movement that the platform has not heard of. */
export type UntoldScan = KeptMovement & { code: string };

/** The calls of the REST API that a scanner needs. @throws Refused, Unreachable */
export class Platform {
  private readonly fetch: typeof fetch;

  constructor(private readonly options: PlatformOptions) {
    this.fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
  }

  scan({ direction, ...body }: AskedScan): Promise<MovementAnswer> {
    const path = direction === 'in' ? '/tickets/checkin' : '/tickets/checkout';
    return this.ask('POST', path, this.options.scanTimeout ?? 1_500, isMovement, body);
  }

  manifest(eventId: string, from: { since: string | undefined; cursor: string | undefined }): Promise<CheckinManifest> {
    const query = new URLSearchParams(Object.entries(from).filter((entry): entry is [string, string] => !!entry[1]));
    return this.ask('GET', `/events/${eventId}/checkin-manifest?${query}`, this.syncTimeout, isManifest);
  }

  /** @param sentAt ISO 8601, by the clock of the scans' `at` */
  upload(eventId: string, scans: readonly UntoldScan[], sentAt: string): Promise<CheckinUploadResults> {
    const { deviceId } = this.options;
    return this.ask('POST', `/events/${eventId}/checkins`, this.syncTimeout, isResults, {
      sentAt,
      scans: scans.map(({ scanId, code, at: scannedAt, direction, gate }) => ({
        ...{ scanId, code, scannedAt, direction, deviceId },
        ...(gate !== null && { gate }),
      })),
    });
  }

  private get syncTimeout(): number {
    return this.options.syncTimeout ?? 20_000;
  }

  private async ask<Answer>(
    method: string,
    path: string,
    timeout: number,
    isAnswer: (body: unknown) => body is Answer,
    body?: unknown,
  ): Promise<Answer> {
    const { baseUrl, headers } = this.options;
    let response: Response;
    let answer: unknown;
    try {
      response = await this.fetch(baseUrl + path, {
        method,
        headers: { accept: 'application/json', ...(body !== undefined && JSON_BODY), ...(await headers()) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeout),
      });
      answer = await response.json();
    } catch (error) {
      throw new Unreachable(`${method} ${path}: no answer`, { cause: error });
    }
    if (response.ok && isAnswer(answer)) return answer;
    const problem = (answer ?? {}) as { code?: unknown; detail?: string };
    // The sign-in page of a hall's network, a proxy's error, a platform that is overloaded or restarts: as good as no network.
    if (typeof problem.code !== 'string' || response.ok || isPassing(response.status))
      throw new Unreachable(`${method} ${path}: ${response.status}`);
    throw new Refused(response.status, problem.code, problem);
  }
}

const isPassing = (status: number) => status === 408 || status === 429 || status >= 500;

const has = (body: unknown, field: string, type: 'string' | 'object'): boolean =>
  typeof body === 'object' && body !== null && typeof (body as Record<string, unknown>)[field] === type;
const isMovement = (body: unknown): body is MovementAnswer => has(body, 'ticketId', 'string');
const isManifest = (body: unknown): body is CheckinManifest => has(body, 'tickets', 'object');
const isResults = (body: unknown): body is CheckinUploadResults => has(body, 'results', 'object');

const JSON_BODY = { 'content-type': 'application/json' } as const;
