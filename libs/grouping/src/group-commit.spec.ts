import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { GroupCommit, type GroupCommitOptions } from './group-commit.js';

const OPTIONS: GroupCommitOptions = { batchSize: 100, parallel: 2, waiting: 1000 };

/** A group commit whose batches take a moment, and what it was asked to do. */
function observed(
  options: Partial<GroupCommitOptions> = {},
  fail: (jobs: readonly number[]) => void = () => undefined,
) {
  const batches: { key: string; jobs: readonly number[] }[] = [];
  let running = 0;
  let most = 0;
  const group = new GroupCommit<number, number>(
    async (key, jobs) => {
      batches.push({ key, jobs });
      most = Math.max(most, ++running);
      await sleep(2);
      running -= 1;
      fail(jobs);
      return jobs.map((job) => ({ value: job * 2 }));
    },
    { ...OPTIONS, ...options },
  );
  return { group, batches, mostAtOnce: () => most };
}

describe('group commit', () => {
  it('what arrives together starts together, and what arrives meanwhile is the next batch, in its order', async () => {
    const { group, batches } = observed();
    const first = [1, 2].map((job) => group.submit('a', job));
    await sleep(1);
    expect(await Promise.all([...first, group.submit('a', 3), group.submit('a', 4)])).toEqual([2, 4, 6, 8]);
    expect(batches.map(({ jobs }) => jobs)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('runs one batch of a key at a time, and only so many of different keys', async () => {
    const { group, batches, mostAtOnce } = observed({ parallel: 2 });
    await Promise.all(['a', 'b', 'c', 'a', 'b', 'c'].map((key, index) => group.submit(key, index)));
    expect(batches.map(({ key, jobs }) => [key, ...jobs])).toEqual([
      ['a', 0, 3],
      ['b', 1, 4],
      ['c', 2, 5],
    ]);
    expect(mostAtOnce()).toBe(2);
  });

  it('runs so many batches of a key as it may, each with what waits when its turn comes', async () => {
    const { group, batches, mostAtOnce } = observed({ parallel: 4, perKey: 2 });
    const first = group.submit('a', 1);
    await new Promise(setImmediate);
    const second = group.submit('a', 2);
    await new Promise(setImmediate);
    await Promise.all([first, second, group.submit('a', 3), group.submit('a', 4)]);
    expect(batches.map(({ jobs }) => jobs)).toEqual([[1], [2], [3, 4]]);
    expect(mostAtOnce()).toBe(2);
  });

  it('a busy key does not keep another one waiting for all of its jobs', async () => {
    const { group, batches } = observed({ parallel: 1, batchSize: 2 });
    const busy = Array.from({ length: 9 }, (_, index) => group.submit('busy', index));
    await Promise.all([...busy, group.submit('quiet', 99)]);
    expect(batches.findIndex(({ key }) => key === 'quiet')).toBe(1);
  });

  it('hard case 40: of a failing batch only the culprits fail', async () => {
    const { group } = observed({}, (jobs) => {
      if (jobs.includes(13)) throw new Error('unlucky');
    });
    const settled = await Promise.allSettled(Array.from({ length: 40 }, (_, job) => group.submit('a', job)));
    expect(settled.map(({ status }, job) => (status === 'rejected' ? job : -1)).filter((job) => job >= 0)).toEqual([
      13,
    ]);
  });

  it('a database that is away fails the batch without trying its halves', async () => {
    const { group, batches } = observed({}, () => {
      throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
    });
    await Promise.allSettled([1, 2, 3, 4, 5].map((job) => group.submit('a', job)));
    expect(batches).toHaveLength(1);
  });

  it('refuses with 503 what would wait behind too many, and takes more when they are done', async () => {
    const { group } = observed({ waiting: 2 });
    const running = group.submit('a', 1);
    await sleep(1);
    const [first, second, third] = [2, 3, 4].map((job) => group.submit('a', job));
    await expect(third).rejects.toMatchObject({ code: 'service-unavailable' });
    expect(await Promise.all([running, first, second])).toEqual([2, 4, 6]);
    expect(await group.submit('a', 5)).toBe(10);
  });

  it('a crowd at one key keeps nobody else out', async () => {
    const { group } = observed({ batchSize: 1, parallel: 4, waiting: 6 });
    const crowd = Array.from({ length: 7 }, (_, job) => group.submit('a', job));
    await expect(crowd[6]).rejects.toMatchObject({ code: 'service-unavailable' });
    await expect(group.submit('a', 8)).rejects.toMatchObject({ code: 'service-unavailable' });
    expect(await group.submit('b', 9)).toBe(18);
    await Promise.all(crowd.slice(0, 6));
  });

  it('crowds at many keys are bounded too', async () => {
    const { group } = observed({ batchSize: 1, parallel: 1, waiting: 6 });
    const settled = await Promise.allSettled(Array.from({ length: 40 }, (_, job) => group.submit(`key ${job}`, job)));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(12);
  });

  it('refuses what would wait too long, as long as it would', async () => {
    const { group } = observed({ batchSize: 1, patience: 5 });
    const patient = Array.from({ length: 8 }, (_, job) => group.submit('a', job));
    await sleep(10);
    await expect(group.submit('a', 9)).rejects.toMatchObject({ code: 'service-unavailable' });
    expect(await group.submit('b', 9)).toBe(18);
    await Promise.all(patient);
    expect(await group.submit('a', 9)).toBe(18);
  });

  it('keys that are done take no share of the places', async () => {
    const { group } = observed({ waiting: 4, batchSize: 1, parallel: 1 });
    for (let key = 0; key < 20; key += 1) await group.submit(`done ${key}`, key);
    const crowd = Array.from({ length: 5 }, (_, job) => group.submit('a', job));
    await sleep(1);
    const others = [group.submit('b', 8), group.submit('b', 9)];
    expect(await Promise.all(others)).toEqual([16, 18]);
    await Promise.allSettled(crowd);
  });

  it('a job that its batch forgot fails', async () => {
    const group = new GroupCommit<number, number>(async () => [], OPTIONS);
    await expect(group.submit('a', 1)).rejects.toThrow('forgot one of its jobs');
  });

  it('answers every job exactly with its own outcome, whatever arrives when', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), pause: fc.integer({ min: 0, max: 3 }) }), {
          maxLength: 40,
        }),
        fc.record({ batchSize: fc.integer({ min: 1, max: 5 }), parallel: fc.integer({ min: 1, max: 3 }) }),
        async (arrivals, options) => {
          const { group, batches, mostAtOnce } = observed(options);
          const answers = arrivals.map(async ({ key, pause }, job) => {
            await sleep(pause);
            return group.submit(key, job);
          });
          expect(await Promise.all(answers)).toEqual(arrivals.map((_, job) => job * 2));
          expect(mostAtOnce()).toBeLessThanOrEqual(options.parallel);
          expect(batches.every(({ jobs }) => jobs.length <= options.batchSize)).toBe(true);
          expect(batches.every(({ key, jobs }) => jobs.every((job) => arrivals[job]?.key === key))).toBe(true);
        },
      ),
      { numRuns: 50 },
    ));
});
