/** Of each kind so many are kept: later ones matter more. */
const KEPT = 400;

/** Ids, codes and cursors that answers told, by kind, and where each comes from. */
export class Pool {
  kinds = new Map();
  /** Value → { step, pointer }: the answer and the place in it. */
  origins = new Map();
  picked = new Map();

  add(kind, value, origin) {
    if (typeof value !== 'string' || value === '') return;
    const list = this.kinds.get(kind) ?? [];
    this.kinds.set(kind, list);
    if (this.origins.has(value) && list.includes(value)) return;
    if (list.length >= KEPT) list.splice(Math.floor(KEPT / 2), 1);
    list.push(value);
    if (!this.origins.has(value)) this.origins.set(value, origin);
  }

  /** The nth of a kind, as it were; undefined when none is known. */
  pick(kind, n) {
    const list = this.kinds.get(kind);
    if (!list?.length) return undefined;
    const value = list[n % list.length];
    this.picked.set(value, this.origins.get(value));
    return value;
  }

  /** What was picked since the last call, for who wants to send the same again: value → origin. */
  taken() {
    const taken = this.picked;
    this.picked = new Map();
    return taken;
  }
}
