import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Places } from './places.js';

/** Work that ends when it is told to. */
function held() {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { work: () => ended, end };
}
const here = () => false;

describe('places at a service', () => {
  it('as many are served at once as there are places, the others in the order of their arrival', async () => {
    const places = new Places(2, 10_000);
    const [one, two] = [held(), held()];
    const begun: number[] = [];
    const first = [one, two].map(({ work }) => places.hold(work, here));
    const later = [3, 4, 5].map((number) => places.hold(async () => void begun.push(number), here));
    await sleep(5);
    expect(begun).toEqual([]);
    one.end();
    await Promise.all(later);
    expect(begun).toEqual([3, 4, 5]);
    two.end();
    await Promise.all(first);
  });

  it('who waits too long is refused with 503 while the others stay in line', async () => {
    const places = new Places(1, 50);
    const busy = held();
    const first = places.hold(busy.work, here);
    await expect(places.hold(async () => 1, here)).rejects.toMatchObject({ code: 'service-unavailable' });
    const last = places.hold(async () => 2, here);
    busy.end();
    expect(await last).toBe(2);
    await first;
    expect(await places.hold(async () => 3, here)).toBe(3);
  });

  it('nothing is begun for who has gone meanwhile', async () => {
    const places = new Places(1, 10_000);
    const busy = held();
    const first = places.hold(busy.work, here);
    let begun = 0;
    const gone = places.hold(
      async () => void (begun += 1),
      () => true,
    );
    const last = places.hold(async () => 'served', here);
    busy.end();
    await expect(gone).rejects.toMatchObject({ code: 'service-unavailable' });
    expect(await last).toBe('served');
    expect(begun).toBe(0);
    await first;
  });

  it('work that fails leaves its place', async () => {
    const places = new Places(1, 50);
    await expect(places.hold(() => Promise.reject(new Error('broken')), here)).rejects.toThrow('broken');
    expect(await places.hold(async () => 1, here)).toBe(1);
  });
});
