import { describe, expect, it } from '@jest/globals';
import { BoundedQueue } from './bounded-queue.js';

/** Work that ends when it is told to. */
function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('bounded queue', () => {
  it('never runs more than its bound at once, and everything in its order', async () => {
    const queue = new BoundedQueue(2, 10, 'Too many at once.');
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const work = (n: number) => async () => {
      most = Math.max(most, ++running);
      order.push(n);
      await settle();
      running -= 1;
      return n;
    };
    const results = await Promise.all(Array.from({ length: 8 }, (_, n) => queue.run(work(n))));
    expect(most).toBe(2);
    expect(results).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(order).toEqual(results);
  });

  it('refuses at once what would have to wait behind too many', async () => {
    const queue = new BoundedQueue(1, 1, 'Too many at once.');
    const { opened, open } = gate();
    const first = queue.run(() => opened);
    const second = queue.run(async () => 'second');
    await expect(queue.run(async () => 'third')).rejects.toMatchObject({ code: 'service-unavailable' });
    open();
    await first;
    expect(await second).toBe('second');
    expect(await queue.run(async () => 'later')).toBe('later');
  });

  it('goes on after work that failed', async () => {
    const queue = new BoundedQueue(1, 5, 'Too many at once.');
    const failing = queue.run(() => Promise.reject(new Error('no')));
    const next = queue.run(async () => 'yes');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});
