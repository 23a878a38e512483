import { describe, expect, it } from '@jest/globals';
import { recovery, timelineOf } from './timeline.mjs';

const answer = (due, latency, kind = '201') => ({ due, latency, kind });

describe('a timeline', () => {
  it('tells waiting by the moment at which requests were due, and answers by the moment at which they came', () => {
    const timeline = timelineOf([answer(1_200, 1), answer(10, 1_300), answer(600, 2)]);
    expect(timeline.map(({ at, asked, served, p99 }) => [at, asked, served, p99])).toEqual([
      [0, 2, 0, 1_300],
      [500, 2, 2, 2],
      [1_000, 2, 4, 1],
    ]);
  });

  it('tells orders, refusals and what was lost apart', () => {
    const [point] = timelineOf([
      answer(0, 5),
      answer(1, 1, '503'),
      answer(2, 1, '429'),
      answer(3, 9, 'lost: ECONNRESET'),
    ]);
    expect(point).toMatchObject({ asked: 8, served: 2, refused: 4, lost: 2, p99: 5, refusalP99: 1 });
  });
});

describe('recovery', () => {
  const good = Array.from({ length: 3 }, (_, n) => answer(n * 500, 10));
  const recoveryOf = (...answers) => recovery(timelineOf(answers), 0, 10);

  it('is at once when nobody waits longer or is refused after the end', () => {
    expect(recoveryOf(...good)).toEqual({ subject: 0, isMore: false });
  });

  it.each([
    ['waits three times as long', [31]],
    ['is refused', [10, '503']],
    ['is lost', [10, 'lost: ECONNRESET']],
  ])('lasts until nobody who comes %s', (_, [latency, kind]) => {
    expect(recoveryOf(...good, answer(501, latency, kind))).toEqual({ subject: 1, isMore: false });
  });

  it('is over when those who come wait no longer, though others still do', () => {
    expect(recoveryOf(answer(0, 3_000), ...good)).toEqual({ subject: 0.5, isMore: false });
  });

  it('that was not seen is not claimed', () => {
    expect(recoveryOf(...good, answer(1_001, 31)).isMore).toBe(true);
  });
});
