import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { isInSample, leftOutOfSample, leftToTheOtherHalf, ONE_OF, specsOfServices } from './sample.mjs';

const root = join(import.meta.dirname, '../..');
const all = specsOfServices(root);

describe('a sample of the specs of services', () => {
  it('is about a third of them', () => {
    const sample = all.filter((path) => isInSample(path, 1));
    expect(all.length).toBeGreaterThan(80);
    expect(sample.length).toBeGreaterThan(all.length / ONE_OF / 2);
    expect(sample.length).toBeLessThan((all.length / ONE_OF) * 2);
  });

  it('leaves none out for ever', () => {
    const seeds = Array.from({ length: 60 }, (_, seed) => seed);
    expect(all.filter((path) => !seeds.some((seed) => isInSample(path, seed)))).toEqual([]);
  });

  it('holds, with its seed, what the run leaves in, and without one everything', () => {
    const leftOut = leftOutOfSample(root, 7).map((pattern) => new RegExp(pattern));
    const isLeftIn = (path) => !leftOut.some((pattern) => pattern.test(join(root, path)));
    expect(all.filter(isLeftIn)).toEqual(all.filter((path) => isInSample(path, 7)));
    expect(leftOutOfSample(root, undefined)).toEqual([]);
  });

  it('never leaves out a spec of Redis, of a pooler, of a library, or of services that work together', () => {
    expect(all).not.toContain('apps/ticket-api/src/orders/place-order/pgbouncer.services.spec.ts');
    expect(all).not.toContain('apps/ticket-api/src/orders/place-order/sold-out.spec.ts');
    expect(all.filter((path) => !path.startsWith('apps/') || path.startsWith('apps/api-gateway/'))).toEqual([]);
  });
});

describe('whole-stack specs that either half of CI could run', () => {
  const paths = ['a', 'b', 'c', 'd', 'e'].map((name) => `e2e/${name}.spec.ts`);
  const runBy = (half, seed) => {
    const leftOut = leftToTheOtherHalf(paths, seed, half).map((pattern) => new RegExp(pattern));
    return paths.filter((path) => !leftOut.some((pattern) => pattern.test(join(root, path))));
  };

  it('are run by one of them each, and by both without a seed', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const [embedded, services] = [runBy('embedded', seed), runBy('services', seed)];
      expect([...embedded, ...services].sort()).toEqual(paths);
      expect(embedded).toHaveLength(3);
    }
    expect([runBy('embedded', undefined), runBy('services', undefined)]).toEqual([paths, paths]);
  });

  it('have their turn in both', () => {
    const seeds = Array.from({ length: 30 }, (_, seed) => seed);
    for (const half of ['embedded', 'services'])
      expect(paths.filter((path) => !seeds.some((seed) => runBy(half, seed).includes(path)))).toEqual([]);
  });
});
