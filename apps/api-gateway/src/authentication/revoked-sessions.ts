import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InternalClient } from '@app/http';
import { ProblemError } from '@app/problem-details';
import { z } from 'zod';

const Revoked = z.object({ sessionIds: z.array(z.string()), now: z.iso.datetime() });

const EVERY_MS = 2000;
/** Longest life of an access token with the clocks' difference; older revocations concern no token that still counts. */
const MEMORY_MS = 12 * 60_000;
/**
 * Without news for this long nobody's session is taken for valid. While ticket-api is down nobody can sign out either,
 * so a restart needs no answer; a gateway that alone cannot reach it must not go on believing ended sessions.
 */
const SILENCE_MS = 30_000;

/** Sessions that ended before their tokens did, never more than a few seconds old. */
@Injectable()
export class RevokedSessions implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(RevokedSessions.name);
  private readonly endedAt = new Map<string, number>();
  private newsAt = 0;
  /** By ticket-api's clock, which sees to rows that commit late; nothing at first: then all that matter are told. */
  private since: string | undefined;
  private asking: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly ticketApi: InternalClient) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.ask().catch(() => undefined), EVERY_MS).unref();
    void this.ask().catch(() => undefined);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Whether the answer of `has` may be relied on without asking first. */
  get isCurrent(): boolean {
    return Date.now() - this.newsAt < SILENCE_MS;
  }

  has(sessionId: string): boolean {
    return this.endedAt.has(sessionId);
  }

  /** @throws ProblemError `service-unavailable` when there is no news and none to be had. */
  async makeCurrent(): Promise<void> {
    if (this.isCurrent) return;
    await this.ask().catch(() => {
      throw new ProblemError('service-unavailable', 'Sessions cannot be checked right now.');
    });
  }

  private ask(): Promise<void> {
    const since = this.since === undefined ? '' : `?since=${encodeURIComponent(this.since)}`;
    this.asking ??= this.ticketApi
      .get(`/internal/revoked-sessions${since}`, Revoked)
      .then(({ sessionIds, now }) => this.learn(sessionIds, now))
      .catch((error: unknown) => {
        if (this.newsAt !== 0) this.log.warn('no news of revoked sessions');
        throw error;
      })
      .finally(() => (this.asking = undefined));
    return this.asking;
  }

  private learn(sessionIds: string[], now: string): void {
    this.newsAt = Date.now();
    this.since = now;
    for (const id of sessionIds) this.endedAt.set(id, this.newsAt);
    for (const [id, at] of this.endedAt) if (this.newsAt - at > MEMORY_MS) this.endedAt.delete(id);
  }
}
