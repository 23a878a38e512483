import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { attempt } from './attempt.mjs';
import { rush } from './rush.mjs';

const answer = (statusCode, body, headers = {}) => ({ statusCode, headers, body: { json: async () => body } });

describe('an attempt of a buyer in a rush', () => {
  it('is repeated until its answer is final', async () => {
    const answers = [
      () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNRESET' })),
      () => answer(503, { code: 'service-unavailable' }, { 'retry-after': '0' }),
      () => answer(409, { code: 'idempotency-in-flight' }, { 'retry-after': '0' }),
      () => answer(201, { id: 'order-1' }),
    ];
    const why = [];
    expect(
      await attempt(
        async () => answers.shift()(),
        (said) => why.push(said),
      ),
    ).toBe('order-1');
    expect(why).toEqual(['broken: ECONNRESET', '503 service-unavailable', '409 idempotency-in-flight']);
    expect(await attempt(async () => answer(409, { code: 'sold-out' }))).toBeNull();
  });

  it('fails by an answer that nobody expects', async () => {
    await expect(attempt(async () => answer(500, { code: 'internal-error' }))).rejects.toThrow('500 internal-error');
  });
});

describe('a rush', () => {
  it('keeps every promise while ticket-api is killed in its middle', async () => {
    const root = join(import.meta.dirname, '../..');
    const { orders, refusals, wrong } = await rush(root, { attempts: 1_000, tickets: 200, connections: 50 });
    expect(wrong).toEqual([]);
    expect({ orders, refusals }).toEqual({ orders: 200, refusals: 800 });
  }, 120_000);
});
