import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { isInSample, leftOutOfSample, ONE_OF, specsOfServices } from './sample.mjs';

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
