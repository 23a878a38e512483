import { describe, expect, it } from '@jest/globals';
import { showEventTime, showInstant } from './time.js';

const event = (startsAt: string, endsAt: string, timezone: string) => ({ startsAt, endsAt, timezone });

describe('showEventTime', () => {
  it.each([
    ['2026-12-12T19:00:00Z', '2026-12-12T22:30:00Z', 'Europe/Berlin', 'Saturday 12 December 2026, 20:00 – 23:30 (CET)'],
    ['2026-07-04T18:00:00Z', '2026-07-04T20:00:00Z', 'Europe/Berlin', 'Saturday 4 July 2026, 20:00 – 22:00 (CEST)'],
    ['2026-12-31T15:30:00Z', '2026-12-31T17:00:00Z', 'Asia/Tokyo', 'Friday 1 January 2027, 00:30 – 02:00 (GMT+9)'],
    ['2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z', 'Asia/Kathmandu', 'Sunday 1 March 2026, 15:45 – 16:45 (GMT+5:45)'],
  ])('shows %s – %s on the clock of %s', (startsAt, endsAt, timezone, shown) => {
    expect(showEventTime(event(startsAt, endsAt, timezone))).toBe(shown);
  });

  it('names both days of an event that ends on another one there', () => {
    expect(showEventTime(event('2026-12-12T19:00:00Z', '2026-12-13T01:00:00Z', 'Europe/Berlin'))).toBe(
      'Saturday 12 December 2026, 20:00 (CET) – Sunday 13 December 2026, 02:00 (CET)',
    );
  });

  it('names both zones when the clocks change meanwhile', () => {
    expect(showEventTime(event('2026-10-24T23:30:00Z', '2026-10-25T03:00:00Z', 'Europe/Berlin'))).toBe(
      'Sunday 25 October 2026, 01:30 (CEST) – Sunday 25 October 2026, 04:00 (CET)',
    );
  });

  it('falls back to UTC, and says so, for a zone that this Node does not know', () => {
    expect(showEventTime(event('2026-12-12T19:00:00Z', '2026-12-12T20:00:00Z', 'Mars/Olympus'))).toBe(
      'Saturday 12 December 2026, 19:00 – 20:00 (UTC)',
    );
  });
});

describe('showInstant', () => {
  it('shows an instant in UTC', () => {
    expect(showInstant('2026-11-22T12:00:00Z')).toBe('Sunday 22 November 2026, 12:00 (UTC)');
  });
});
