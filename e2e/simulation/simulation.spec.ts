import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { live } from './campaign.js';
import { World } from './platform/world.js';

/** `npm run simulate` sets both; another seed each time, so that every run looks somewhere else. */
const SEED = Number(process.env.SIMULATION_SEED ?? Date.now() % 1e9);
const HISTORIES = Number(process.env.SIMULATION_HISTORIES ?? 60);
/** Milliseconds: to begin, and for one history at most on a machine that does other things too. */
const LIMIT = { begin: 120_000, history: 10_000 };

let world: World;
beforeAll(async () => {
  world = await World.open();
}, LIMIT.begin);
afterAll(() => world?.close());

describe('the saga, simulated', () => {
  it(
    'keeps every promise while messages, answers, connections and processes are lost',
    async () => {
      const begun = process.hrtime.bigint();
      const broken = await live(world, { seed: SEED, histories: HISTORIES });
      const seconds = (Number(process.hrtime.bigint() - begun) / 1e9).toFixed(1);
      process.stderr.write(`Simulated up to ${HISTORIES} histories from seed ${SEED} on, in ${seconds} s.\n`);
      // With all its lines, which a comparison would fold.
      if (broken !== undefined) process.stderr.write(`${broken}\n`);
      expect(broken?.split('\n').slice(0, 10)).toBeUndefined();
    },
    LIMIT.begin + HISTORIES * LIMIT.history,
  );
});
