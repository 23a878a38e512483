import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { reminderTime } from './reminder-time.js';

const at = (start: string, zone: string) => reminderTime(new Date(start), zone).toISOString();

describe('the time of a reminder', () => {
  it.each([
    ['an evening', '2026-12-12T19:00:00Z', 'Europe/Berlin', '2026-12-11T19:00:00.000Z'],
    ['a morning', '2026-12-12T05:30:00Z', 'Europe/Berlin', '2026-12-11T08:00:00.000Z'],
    ['a late night', '2026-12-12T22:30:00Z', 'Europe/Berlin', '2026-12-11T19:00:00.000Z'],
    ['after midnight', '2026-12-12T00:30:00Z', 'Europe/Berlin', '2026-12-11T08:00:00.000Z'],
    ['another day than in UTC', '2026-12-12T03:00:00Z', 'America/New_York', '2026-12-11T01:00:00.000Z'],
    ['when clocks were set back in the night', '2026-10-25T19:00:00Z', 'Europe/Berlin', '2026-10-24T18:00:00.000Z'],
    ['a zone that nobody knows', '2026-12-12T19:00:00Z', 'Mars/Olympus', '2026-12-11T19:00:00.000Z'],
  ])('%s', (_, start, zone, reminder) => {
    expect(at(start, zone)).toBe(reminder);
  });

  it('is on the day before, by the calendar of the event, and between nine and eight', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kolkata',
      'Pacific/Apia',
      'Australia/Lord_Howe',
    );
    const instants = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, zones, (start, timeZone) => {
        const reminder = reminderTime(start, timeZone);
        const day = (when: Date) =>
          Date.parse(`${new Intl.DateTimeFormat('en-CA', { timeZone }).format(when)}T00:00:00Z`);
        expect(day(start) - day(reminder)).toBe(24 * 3_600_000);
        const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(
          reminder,
        );
        expect(clock >= '09:00' && clock <= '20:00').toBe(true);
        expect(start.getTime() - reminder.getTime()).toBeLessThan(48 * 3_600_000);
      }),
    );
  });
});
