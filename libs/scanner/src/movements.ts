import type { KeptMovement, ScannerStore } from './scanner-store.js';
import type { UntoldScan } from './platform.js';

/** Whom this gate let in and out, oldest first, until a manifest tells it. Kept before it counts. */
export class Movements {
  private list: KeptMovement[];

  constructor(
    private readonly store: ScannerStore,
    private readonly eventId: string,
    kept: readonly KeptMovement[],
  ) {
    this.list = [...kept].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  }

  of(ticketId: string | undefined): KeptMovement[] {
    return this.list.filter((movement) => movement.ticketId === ticketId);
  }

  /** @throws what the store throws: then nobody was let in. */
  async add(movement: KeptMovement): Promise<void> {
    await this.store.keepMovements(this.eventId, [movement]);
    this.list.push(movement);
  }

  /** Of what the platform has let in itself: that counts, whether it can be kept here or not. */
  async note(movement: KeptMovement): Promise<void> {
    await this.add(movement).catch(() => this.list.push(movement));
  }

  untold(): UntoldScan[] {
    return this.list.filter((movement): movement is UntoldScan => !movement.told && movement.code !== null);
  }

  /** The platform knows these now; a crash after its answer tells it once more, which changes nothing there. */
  async tell(scanIds: ReadonlySet<string>): Promise<void> {
    const told = this.list.filter(({ scanId }) => scanIds.has(scanId)).map((one) => ({ ...one, told: true }));
    await this.store.keepMovements(this.eventId, told);
    this.list = this.list.map((one) => (scanIds.has(one.scanId) ? { ...one, told: true } : one));
  }

  told(): string[] {
    return this.list.filter(({ told }) => told).map(({ scanId }) => scanId);
  }

  forget(scanIds: readonly string[]): void {
    const gone = new Set(scanIds);
    this.list = this.list.filter(({ scanId }) => !gone.has(scanId));
  }
}
