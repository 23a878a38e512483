import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { fuzz } from './fuzz.mjs';

const root = join(import.meta.dirname, '..');

describe('requests by chance, a few of them', () => {
  it('find nothing, the invariants hold afterwards, and no log of the whole run holds a secret', async () => {
    const { campaign, wrong, notChecked } = await fuzz(root, { seed: 1, requests: 400, connections: 6 });
    expect(campaign.findings.list.map(({ operation, what, example }) => [operation, what, example])).toEqual([]);
    expect(wrong).toEqual([]);
    expect(notChecked).toEqual([]);
    const all = Object.values(campaign.statuses).reduce((sum, count) => sum + count, 0);
    expect(all).toBe(400);
    expect(campaign.statuses[200]).toBeGreaterThan(40);
  }, 240_000);
});
