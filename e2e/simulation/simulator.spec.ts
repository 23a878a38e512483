import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { live } from './campaign.js';
import { DEFECTS } from './defects.js';
import { History } from './history/history.js';
import { World } from './platform/world.js';

/** Milliseconds. */
const LIMIT = { begin: 120_000, defect: 300_000 };

let world: World;
beforeAll(async () => {
  world = await World.open();
}, LIMIT.begin);
afterAll(() => world?.close());
afterEach(() => world?.forget());

describe('a history', () => {
  it(
    'is the same for the same seed, whatever happened before',
    async () => {
      const lived = await History.run(world, 'once');
      await History.run(world, 'another');
      expect((await History.run(world, 'once')).trace).toEqual(lived.trace);
      await world.forget();
      expect((await History.run(world, 'once')).trace).toEqual(lived.trace);
      expect((await History.run(world, 'another')).trace).not.toEqual(lived.trace);
    },
    LIMIT.begin,
  );
});

describe('the simulation finds', () => {
  it.each(DEFECTS)(
    'that %s',
    async (_, plant) => {
      const mend = plant(world);
      try {
        expect(await live(world, { seed: 1, histories: 60, betweenAudits: 10 })).toBeDefined();
      } finally {
        mend();
      }
    },
    LIMIT.defect,
  );
});
