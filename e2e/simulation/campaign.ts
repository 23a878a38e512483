import { History, type Told } from './history/history.js';
import type { World } from './platform/world.js';

/** Histories between two looks at the invariants: an audit costs about as much as five histories. */
const BETWEEN_AUDITS = 50;

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b(?:pi|re)_\d{8}\b/g;

export interface Campaign {
  /** Of the first history; each next one has the next number. */
  seed: number;
  histories: number;
  betweenAudits?: number;
}

/** Lives histories until one breaks a promise. @returns what is to be told of it; undefined when all is well */
export async function live(
  world: World,
  { seed, histories, betweenAudits = BETWEEN_AUDITS }: Campaign,
): Promise<string | undefined> {
  let unjudged: Told[] = [];
  for (let count = 1; count <= histories; count += 1) {
    const told = await History.run(world, String(seed + count - 1));
    unjudged.push(told);
    if (told.wrong.length > 0) return report([told], told.wrong);
    if (count % betweenAudits > 0 && count < histories) continue;
    const broken = await world.broken();
    if (broken.length > 0) return report(await culprits(world, unjudged, broken), broken);
    unjudged = [];
  }
  return undefined;
}

async function culprits({ databases }: World, histories: readonly Told[], broken: readonly string[]): Promise<Told[]> {
  const tenants = await databases.tenantsOf(broken.join('\n').match(ID) ?? []);
  const found = histories.filter(({ tenantId }) => tenants.includes(tenantId));
  return found.length > 0 ? found : [...histories];
}

function report(histories: readonly Told[], wrong: readonly string[]): string {
  const seeds = histories.map(({ seed }) => `npm run simulate -- --seed ${seed} --histories 1`);
  const trace = histories[0]!.trace.join('\n');
  return `${wrong.join('\n')}\n\nReplay:\n${seeds.join('\n')}\n\nSeed ${histories[0]!.seed}:\n${trace}\n`;
}
