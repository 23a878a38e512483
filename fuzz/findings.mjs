const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** What was found, the same thing once: with how often, and its first example. */
export class Findings {
  found = new Map();

  /** @param example { as, curl, said } @returns whether it is new */
  add(operation, what, example) {
    const key = `${operation} ${what.replaceAll(UUID, '…').replaceAll(/\d{4,}/g, '…')}`;
    const finding = this.found.get(key) ?? { operation, what, count: 0, example };
    finding.count += 1;
    this.found.set(key, finding);
    return finding.count === 1;
  }

  get list() {
    return [...this.found.values()];
  }
}
