import { describe, expect, it } from '@jest/globals';
import { understand, UsageError } from '../bench/command/arguments.mjs';
import { FUZZ } from './command.mjs';
import { Journal, present } from './journal.mjs';
import { Pool } from './pool/pool.mjs';
import { curlOf } from './send/curl.mjs';

describe('the arguments of a fuzz run', () => {
  it.each([
    [['--seed', 'x'], '--seed is a whole number'],
    [['--requests', '0'], '--requests is a whole number, 1 at least'],
    [['--url', 'https://tickets.example'], '--url is an http address of this machine'],
    [['--url', 'http://127.0.0.1.example:3000'], '--url is an http address of this machine'],
    [['--replay', '/missing'], '--replay /missing is not there'],
  ])('%s is refused', (args, why) => {
    expect(() => understand(args, FUZZ)).toThrow(UsageError);
    expect(() => understand(args, FUZZ)).toThrow(why);
  });

  it('are 10,000 requests to a platform of its own, by a seed of chance', () => {
    expect(understand([], FUZZ)).toMatchObject({ requests: 10_000, connections: 8, url: undefined });
    expect(understand(['--url', 'http://localhost:3000/'], FUZZ)).toMatchObject({ url: 'http://localhost:3000' });
  });
});

describe('what failed', () => {
  const [order, other] = ['01980f2e-6d3a-7c41-9a5e-2f0b8c6d1e47', '01980f2e-6d3a-7c41-9a5e-2f0b8c6d1e48'];

  it('is told as a command, credentials and codes masked', () => {
    const request = {
      ...{ method: 'POST', path: '/x?signature=abc', body: '{"password":"pass \\" word","name":"it\'s"}' },
      headers: { authorization: 'Bearer abc' },
    };
    expect(curlOf('http://h', request, 'buyer')).toBe(
      `curl -i --path-as-is -X POST 'http://h/x?signature=***' -H 'authorization: *** (buyer)' --data-binary '{"password":"***","name":"it'\\''s"}'`,
    );
  });

  it('can be sent again: with all writes that led to it, and the ids that they give now', () => {
    const pool = new Pool();
    const journal = new Journal(pool);
    const operation = { id: 'x' };
    const made = journal.begin({ operation, method: 'POST', path: '/orders', body: '{}' });
    journal.end(made, 201);
    pool.add('order', order, { step: made, pointer: '/id' });
    journal.end(journal.begin({ operation, method: 'GET', path: '/events' }), 200);
    journal.end(journal.begin({ operation, method: 'POST', path: '/orders', body: '{"refused":1}' }), 422);
    const failing = journal.begin({ operation, method: 'GET', path: `/orders/${order}`, body: Buffer.from([0xff]) });
    const { steps } = journal.about(failing, { seed: 1, what: 'w' });
    expect(steps.map(({ step }) => step)).toEqual([made, failing]);
    const again = present(JSON.parse(JSON.stringify(steps[1])), new Map([[made, { id: other }]]));
    expect(again).toMatchObject({ path: `/orders/${other}`, body: Buffer.from([0xff]) });
  });
});
