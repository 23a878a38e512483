import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { sampleAbout } from '../testing/sample-ticket.js';
import { calendarEntry } from './calendar-entry.js';

const entryOf = (given: Parameters<typeof sampleAbout>[0] = {}) => calendarEntry(sampleAbout(given).event);

/** As another calendar reads it. */
function read(file: string) {
  const calendar = new ICAL.Component(ICAL.parse(file));
  const events = calendar.getAllSubcomponents('vevent');
  const [event] = events;
  if (!event || events.length > 1) throw new Error('one entry was expected');
  return {
    calendar,
    event,
    value: (name: string) => event.getFirstPropertyValue(name)?.toString(),
  };
}

describe("a calendar's entry", () => {
  it('has what, when and where, read by another program', () => {
    const { calendar, value } = read(entryOf());
    expect(calendar.getFirstPropertyValue('version')).toBe('2.0');
    expect(calendar.getFirstPropertyValue('method')).toBe('PUBLISH');
    expect(value('summary')).toBe('Zażółć gęślą jaźń');
    expect(value('location')).toBe('Klub Wytwórnia\nul. Łąkowa 29, Łódź, Polska');
    expect(value('geo')).toBe('51.7592,19.4384');
    expect(value('url')).toBe('http://localhost:3000/api/v1/events/019a6e00-1234-7000-8000-00000000000e');
    expect(value('description')).toContain('By Stowarzyszenie „Ćma”.');
    expect(value('description')).toContain('Saturday, 1 June 2030, 20:00 – 23:30 (Europe/Warsaw, GMT+2)');
    expect(value('status')).toBe('CONFIRMED');
  });

  it('has its times in UTC, which no calendar can read otherwise', () => {
    const file = entryOf();
    expect(file).toContain('DTSTART:20300601T180000Z');
    expect(file).toContain('DTEND:20300601T213000Z');
    expect(file).not.toMatch(/TZID|VTIMEZONE/);
  });

  it('replaces the one before it: the same UID, and a sequence that grows with each change', () => {
    const before = read(entryOf());
    const after = read(entryOf({ title: 'Later', updatedAt: new Date('2030-01-02T12:00:00Z') }));
    expect(before.value('uid')).toBe('019a6e00-1234-7000-8000-00000000000e');
    expect(after.value('uid')).toBe(before.value('uid'));
    expect(Number(after.value('sequence'))).toBeGreaterThan(Number(before.value('sequence')));
    expect(entryOf()).toBe(entryOf());
  });

  it('of a cancelled event says so', () => {
    const { value } = read(entryOf({ status: 'cancelled' }));
    expect(value('status')).toBe('CANCELLED');
    expect(value('description')).toContain('This event was cancelled.');
  });

  it('leaves out where it is on the map if nobody knows', () => {
    expect(read(entryOf({ position: null })).value('geo')).toBeUndefined();
  });

  it('has lines of at most 75 bytes, cut between characters', () => {
    const file = entryOf({ title: '音楽会'.repeat(40), terms: 'Zażółć gęślą jaźń '.repeat(50) });
    for (const line of file.split('\r\n')) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      expect(line).not.toContain('\ufffd');
    }
  });

  it('keeps whatever text it is given, and lets none of it become a property', () => {
    // Lines of our fields have no control characters; terms have any.
    const line = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 100 })
      .filter((text) => !/[\p{Cc}\u2028\u2029]/u.test(text));
    fc.assert(
      fc.property(line, fc.string({ unit: 'grapheme', maxLength: 300 }), (title, typed) => {
        const terms = `${typed.replaceAll(/\p{Cc}/gu, '')}\nEND:VEVENT\r\nATTENDEE:mailto:a@b.example,;\\`;
        const { event, value } = read(entryOf({ title, terms }));
        expect(value('summary')).toBe(title);
        expect(event.getFirstProperty('attendee')).toBeNull();
        expect(value('description')?.replaceAll('\r', '')).toContain(terms.replaceAll('\r', ''));
      }),
      { numRuns: 200 },
    );
  });
});
