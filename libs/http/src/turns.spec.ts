import { describe, expect, it } from '@jest/globals';
import { EACH_TURN, Turns } from './turns.js';

const turn = () => new Promise(setImmediate);

describe('turns of the event loop', () => {
  it('what comes alone does not wait, and a crowd goes on so many a turn in the order in which it came', async () => {
    const turns = new Turns();
    const done: number[] = [];
    const crowd = Array.from({ length: 100 }, async (_, index) => {
      await turns.next();
      done.push(index);
    });
    await Promise.resolve();
    const progress = [done.length];
    while (done.length < 100) {
      await turn();
      progress.push(done.length);
    }
    await Promise.all(crowd);
    expect(progress.slice(0, -1)).toEqual(progress.slice(0, -1).map((_, index) => (index + 1) * EACH_TURN));
    expect(done).toEqual(Array.from({ length: 100 }, (_, index) => index));
    await turn();
    expect(turns.next()).toBeUndefined();
  });

  it('who comes while others wait gets no turn before them', async () => {
    const turns = new Turns();
    const done: string[] = [];
    for (let each = 0; each < EACH_TURN + 1; each += 1)
      void Promise.resolve(turns.next()).then(() => done.push('early'));
    await turn();
    void Promise.resolve(turns.next()).then(() => done.push('late'));
    await turn();
    expect(done.lastIndexOf('early')).toBeLessThan(done.indexOf('late'));
    expect(done).toHaveLength(EACH_TURN + 2);
  });
});
