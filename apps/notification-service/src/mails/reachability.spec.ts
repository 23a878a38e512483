import { describe, expect, it } from '@jest/globals';
import { Reachability } from './reachability.js';

describe('the way to the SMTP server', () => {
  it('has room for all mails while the server answers', () => {
    expect(new Reachability().room(0, 5)).toBe(5);
  });

  it('lets one mail at a time ask for a server that was missed, after a pause', () => {
    const way = new Reachability();
    way.missed(0);
    expect([way.room(999, 5), way.room(1_000, 5)]).toEqual([0, 1]);
  });

  it('doubles the pause with every miss up to half a minute', () => {
    const way = new Reachability();
    let now = 0;
    const pauses = [1, 2, 3, 4, 5, 6, 7].map(() => {
      way.missed(now);
      const since = now;
      while (way.room(now, 5) === 0) now += 500;
      return now - since;
    });
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('counts mails that missed the server together as one miss', () => {
    const way = new Reachability();
    for (let mail = 0; mail < 5; mail += 1) way.missed(10);
    expect(way.room(1_010, 5)).toBe(1);
  });

  it('has room for all again as soon as one got through', () => {
    const way = new Reachability();
    way.missed(0);
    way.reached();
    expect(way.room(1, 5)).toBe(5);
  });
});
