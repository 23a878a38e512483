const IDS = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|\b(cs_test|pi|re|ch|du|evt|txn)_\d{8}/g;

/** What happened, one line a step. Ids are shown by names that are the same in every run. */
export class Trace {
  readonly lines: string[] = [];
  private readonly names = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  /** @param now milliseconds since the history began */
  add(now: number, what: string): void {
    this.lines.push(`${(now / 1000).toFixed(1).padStart(8)}s  ${what.replaceAll(IDS, (id) => this.nameOf(id))}`);
  }

  name(id: string, kind: string): string {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    const name = `${kind}#${count}`;
    this.names.set(id, name);
    return name;
  }

  nameOf(id: string): string {
    return this.names.get(id) ?? this.name(id, KINDS[id.split('_')[0] ?? ''] ?? 'id');
  }
}

const KINDS: Readonly<Record<string, string>> = {
  cs: 'session',
  pi: 'intent',
  re: 'refund-at-provider',
  ch: 'charge',
  du: 'dispute',
  evt: 'event',
};
