import { NotChecked, type Service } from '../invariant.js';
import { Snapshot } from './snapshot.js';
import type { OpenSnapshot } from './suspicion.js';

export type Databases = Readonly<Partial<Record<Service, string>>>;

/** One snapshot of each database, opened when it is first asked for; closed together, so that none is kept longer than a look. */
export class Snapshots {
  private readonly opened = new Map<Service, Promise<Snapshot>>();

  private constructor(private readonly databases: Databases) {}

  static async during<T>(databases: Databases, look: (open: OpenSnapshot) => Promise<T>): Promise<T> {
    const snapshots = new Snapshots(databases);
    try {
      return await look((service) => snapshots.of(service));
    } finally {
      await snapshots.close();
    }
  }

  private of(service: Service): Promise<Snapshot> {
    const known = this.opened.get(service);
    if (known) return known;
    const url = this.databases[service];
    if (!url) throw new NotChecked(`the database of ${service} is not named`);
    const opening = Snapshot.open(url);
    this.opened.set(service, opening);
    return opening;
  }

  private async close(): Promise<void> {
    for (const opening of this.opened.values())
      await opening.then(
        (snapshot) => snapshot.close(),
        () => undefined,
      );
  }
}
