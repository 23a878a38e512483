import type { CheckinManifest, CheckinUploadResult, ManifestTicket } from '@app/contracts';
import { rulesOf, type ManifestHead } from './manifest.js';
import type { Movements } from './movements.js';
import type { PlatformClock } from './platform-clock.js';
import { Refused, type Platform } from './platform.js';

export interface PulledManifest {
  head: ManifestHead;
  tickets: ManifestTicket[];
  /** Whether it stands in the place of what was known. */
  replace: boolean;
}

/**
 * All pages of what the platform tells since the last time. What breaks off in the middle has told nothing: the next
 * delta begins where this one did.
 */
export async function pullManifest(
  platform: Platform,
  clock: PlatformClock,
  eventId: string,
  since: string | undefined,
): Promise<PulledManifest> {
  try {
    return await pull(platform, clock, eventId, since);
  } catch (error) {
    // A token that the platform does not know (any more): from the start.
    if (since === undefined || !(error instanceof Refused) || error.status !== 422) throw error;
    return pull(platform, clock, eventId, undefined);
  }
}

async function pull(platform: Platform, clock: PlatformClock, eventId: string, since: string | undefined) {
  let replace = since === undefined;
  const tickets = new Map<string, ManifestTicket>();
  let page: CheckinManifest | undefined;
  do {
    const cursor = page?.nextCursor ?? undefined;
    page = await clock.learn(
      () => platform.manifest(eventId, { since, cursor }),
      ({ at }) => at,
    );
    // In the middle, too: the platform has a history of its own since it was restored.
    if (page.fromStart) tickets.clear();
    replace ||= page.fromStart;
    for (const ticket of page.tickets) tickets.set(ticket.id, ticket);
  } while (page.nextCursor !== null);
  const head = { rules: rulesOf(page), since: page.since, clockAhead: clock.difference };
  return { head, tickets: [...tickets.values()], replace };
}

/** Tells the platform whom this gate let in and out, in batches. @returns what it said of each */
export async function tellMovements(
  platform: Platform,
  clock: PlatformClock,
  movements: Movements,
  { eventId, batchSize }: { eventId: string; batchSize: number },
): Promise<CheckinUploadResult[]> {
  const waiting = movements.untold();
  const answers: CheckinUploadResult[] = [];
  for (let at = 0; at < waiting.length; at += batchSize) {
    const sentAt = new Date(clock.now()).toISOString();
    const { results } = await platform.upload(eventId, waiting.slice(at, at + batchSize), sentAt);
    await movements.tell(new Set(results.map(({ scanId }) => scanId)));
    answers.push(...results);
  }
  return answers;
}
