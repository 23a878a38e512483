import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { Admissions } from '@app/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { CountAdmissions } from './count-admissions.js';

/** Milliseconds between two looks at an event that is watched. */
const EVERY = 1_000;
/** Counting takes a tenth of the time at most, however large the event. */
const SHARE = 10;
/** Milliseconds after which all is counted anew: sales and refunds leave no scan. */
const ANEW = 10_000;

type Listener = (state: string) => void;

interface Watched {
  listeners: Set<Listener>;
  last: { state: string; compared: string } | undefined;
}

/**
 * What is going on at the gates, for those who watch: one look a second at each watched event, however many watch, and a
 * count only when a scan was recorded. A replica looks for itself, at what is committed: there is nothing to lose between
 * replicas, and no connection of its own to keep as LISTEN would need.
 */
@Injectable()
export class AdmissionFeed implements OnModuleDestroy {
  private readonly log = new Logger(AdmissionFeed.name);
  private readonly watched = new Map<string, Watched>();
  private readonly stopped = new AbortController();

  constructor(private readonly counts: CountAdmissions) {}

  /** @param listener hears the state now, and whenever it has changed. @returns what ends it */
  watch(tenantId: string, eventId: string, listener: Listener): () => void {
    const known = this.watched.get(eventId);
    const watched: Watched = known ?? { listeners: new Set(), last: undefined };
    const { listeners, last } = watched;
    listeners.add(listener);
    if (last) listener(last.state);
    if (!known) {
      this.watched.set(eventId, watched);
      void this.look(tenantId, eventId, watched);
    }
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.watched.get(eventId)?.listeners === listeners) this.watched.delete(eventId);
    };
  }

  /** Events that are watched. */
  get size(): number {
    return this.watched.size;
  }

  onModuleDestroy(): void {
    this.stopped.abort();
  }

  private async look(tenantId: string, eventId: string, watched: Watched): Promise<void> {
    let countedAt = -Infinity;
    while (watched.listeners.size > 0 && !this.stopped.signal.aborted) {
      const begun = performance.now();
      try {
        if (begun - countedAt > ANEW || (await this.counts.hasMoved(tenantId, eventId))) {
          this.tell(watched, await this.counts.of(tenantId, eventId));
          countedAt = begun;
        }
      } catch (error) {
        this.log.warn(`admissions could not be counted: ${(error as Error).message}`);
      }
      const pause = Math.max(EVERY, SHARE * (performance.now() - begun));
      await sleep(pause, undefined, { signal: this.stopped.signal, ref: false }).catch(() => undefined);
    }
  }

  private tell(watched: Watched, admissions: Admissions): void {
    const compared = JSON.stringify({ ...admissions, at: '' });
    if (watched.last?.compared === compared) return;
    watched.last = { state: JSON.stringify(admissions), compared };
    for (const listener of watched.listeners) listener(watched.last.state);
  }
}
