import type { ManifestTicket } from '@app/contracts';
import type { Movement } from './judge-offline.js';
import type { KnownTicket, ManifestHead } from './manifest.js';

/** Somebody whom this gate let in or out: kept until a manifest tells it. */
export interface KeptMovement extends Movement {
  scanId: string;
  ticketId: string;
  /** What was scanned, for the platform to judge; null when it has done so already. */
  code: string | null;
  /** Whether the platform has heard of it. */
  told: boolean;
}

export interface Kept {
  /** Undefined before the first manifest has come whole. */
  manifest: { head: ManifestHead; tickets: Iterable<[id: string, ticket: KnownTicket]> } | undefined;
  movements: KeptMovement[];
}

/**
 * Where a handheld keeps what must outlive a dead battery. A promise that resolves says that it is kept; each call is kept
 * wholly or not at all. One scanner at a time uses the store of an event.
 */
export interface ScannerStore {
  load(eventId: string): Promise<Kept>;
  /** The head, tickets in the place of all that were known or of those with the same ids, and which movements to forget. */
  keepManifest(
    eventId: string,
    head: ManifestHead,
    tickets: readonly ManifestTicket[],
    how: { replace: boolean; forget: readonly string[] },
  ): Promise<void>;
  /** One of the same `scanId` is replaced. */
  keepMovements(eventId: string, movements: readonly KeptMovement[]): Promise<void>;
}

/** Forgets everything when the program ends: for tests, and for a gate that never loses power. */
export class MemoryStore implements ScannerStore {
  private readonly events = new Map<string, EventMemory>();

  async load(eventId: string): Promise<Kept> {
    const { head, tickets, movements } = this.of(eventId);
    return structuredClone({
      manifest: head && { head, tickets: [...tickets] },
      movements: [...movements.values()],
    });
  }

  async keepManifest(
    eventId: string,
    head: ManifestHead,
    tickets: readonly ManifestTicket[],
    { replace, forget }: { replace: boolean; forget: readonly string[] },
  ): Promise<void> {
    const memory = this.of(eventId);
    if (replace) memory.tickets.clear();
    for (const { id, ...ticket } of tickets) memory.tickets.set(id, { ...ticket });
    for (const scanId of forget) memory.movements.delete(scanId);
    memory.head = structuredClone(head);
  }

  async keepMovements(eventId: string, movements: readonly KeptMovement[]): Promise<void> {
    for (const movement of movements) this.of(eventId).movements.set(movement.scanId, { ...movement });
  }

  private of(eventId: string): EventMemory {
    let found = this.events.get(eventId);
    if (!found) this.events.set(eventId, (found = { head: undefined, tickets: new Map(), movements: new Map() }));
    return found;
  }
}

interface EventMemory {
  head: ManifestHead | undefined;
  tickets: Map<string, KnownTicket>;
  movements: Map<string, KeptMovement>;
}
