import { describe, expect, it } from '@jest/globals';
import { sampleTicket } from './testing/sample-ticket.js';
import { wordPlace, wordPrice, wordTime, wordZone } from './wording.js';

const event = { ...sampleTicket.event, venue: { name: 'Hall', address: null, city: null, country: null } };

describe('the words on a ticket', () => {
  it('tell the time as the clocks at the venue show it, and which clocks these are', () => {
    expect([...wordTime(event), wordZone(event)]).toEqual([
      'Saturday, 1 June 2030',
      '20:00 – 23:30',
      'Europe/Warsaw, GMT+2',
    ]);
    const there = { ...event, timezone: 'America/New_York' };
    expect([...wordTime(there), wordZone(there)]).toEqual([
      'Saturday, 1 June 2030',
      '14:00 – 17:30',
      'America/New York, GMT-4',
    ]);
  });

  it('take what ends after midnight as the same night, and give a longer event both dates', () => {
    expect(wordTime({ ...event, endsAt: new Date('2030-06-02T00:00:00Z') })[1]).toBe('20:00 – 02:00');
    expect(wordTime({ ...event, endsAt: new Date('2030-06-03T16:00:00Z') })).toEqual([
      'Saturday, 1 June 2030, 20:00',
      '– Monday, 3 June 2030, 18:00',
    ]);
  });

  it.each([
    [0, 'EUR', 'Free'],
    [4500, 'EUR', '€45.00'],
    [149_00, 'PLN', 'PLN 149.00'],
  ])('give %i %s as %s', (amount, currency, words) => {
    expect(wordPrice({ amount, currency }).replace('\u00a0', ' ')).toBe(words);
  });

  it('leave out what is not known of a place', () => {
    expect(wordPlace(event.venue)).toEqual([]);
    expect(wordPlace({ name: 'Hall', address: 'Main St 1', city: 'Łódź', country: null })).toEqual([
      'Main St 1',
      'Łódź',
    ]);
    expect(wordPlace({ name: 'Hall', address: null, city: 'Łódź', country: 'Polska' })).toEqual(['Łódź, Polska']);
  });
});
