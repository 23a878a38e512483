import { NotChecked, type Comparison, type Difference, type Finding, type Service, type Side } from '../invariant.js';
import { differingBuckets, keysIn, whichOf } from './fingerprints.js';
import type { Snapshot } from './snapshot.js';

export type OpenSnapshot = (service: Service) => Promise<Snapshot>;

/** What looked broken at the first look, because two services did not agree; it may only be on its way. */
export interface Suspicion {
  /** Looks again at what still seems broken. @returns whether nothing is left */
  isCleared(open: OpenSnapshot): Promise<boolean>;
  /** @throws NotChecked when nothing that was looked at is broken, but not everything was */
  findings(examples: number): Finding[];
}

/** Compares two services' databases by what their snapshots show. */
export async function compare(comparison: Comparison, open: OpenSnapshot): Promise<Suspicion> {
  const { left, right } = comparison;
  const [inLeft, inRight] = [await open(left.database), await open(right.database)];
  const { buckets, all } = await differingBuckets([left, inLeft], [right, inRight]);
  if (buckets.length === 0) return new Disagreement(comparison, [], [], true);
  const [ours, theirs] = await Promise.all([keysIn(buckets, left, inLeft), keysIn(buckets, right, inRight)]);
  const disagreement = new Disagreement(
    comparison,
    comparison.leftOnly ? [...ours].filter((key) => !theirs.has(key)) : [],
    comparison.rightOnly ? [...theirs].filter((key) => !ours.has(key)) : [],
    all,
  );
  // What is allowed without its counterpart goes at once.
  await disagreement.isCleared(open);
  return disagreement;
}

class Disagreement implements Suspicion {
  constructor(
    private readonly comparison: Comparison,
    private leftOnly: string[],
    private rightOnly: string[],
    private readonly all: boolean,
  ) {}

  async isCleared(open: OpenSnapshot): Promise<boolean> {
    const { left, right } = this.comparison;
    this.leftOnly = await stillAlone(this.leftOnly, left, right, open);
    this.rightOnly = await stillAlone(this.rightOnly, right, left, open);
    return this.leftOnly.length + this.rightOnly.length === 0;
  }

  findings(examples: number): Finding[] {
    const found = [
      ...this.finding(this.comparison.leftOnly, this.leftOnly, examples),
      ...this.finding(this.comparison.rightOnly, this.rightOnly, examples),
    ];
    if (found.length === 0 && !this.all)
      throw new NotChecked('the two services differ in more than could be looked at one by one');
    return found;
  }

  private finding(difference: Difference | undefined, keys: string[], examples: number): Finding[] {
    if (!difference || keys.length === 0) return [];
    return [{ ...difference, found: keys.length, atLeast: !this.all, examples: keys.slice(0, examples) }];
  }
}

/** Keys that their own side still has and the other one still has not. */
async function stillAlone(keys: string[], own: Side, other: Side, open: OpenSnapshot): Promise<string[]> {
  if (keys.length === 0) return keys;
  const [here, there] = [
    await whichOf(keys, own, await open(own.database)),
    await whichOf(keys, { ...other, where: other.allowed ?? other.where }, await open(other.database)),
  ];
  return keys.filter((key) => here.has(key) && !there.has(key));
}
