import { describe, expect, it } from '@jest/globals';
import { change, decidePublication, faultsOfTimes, hasEnded, type EventFields } from './event.js';

const event: EventFields = {
  title: 'Jazz',
  description: null,
  terms: null,
  venue: { name: 'Hall' },
  startsAt: new Date('2030-06-01T18:00:00Z'),
  endsAt: new Date('2030-06-01T22:00:00Z'),
  timezone: 'Europe/Warsaw',
  refundableUntil: new Date('2030-06-01T18:00:00Z'),
  waitingList: false,
  resaleAllowed: false,
  transfersAllowed: true,
  reentryAllowed: false,
};

describe('an event', () => {
  it.each([
    ['draft', false, 'publish', false],
    ['draft', true, 'ended', false],
    ['published', false, 'published-already', false],
    ['published', true, 'published-already', true],
    ['cancelled', false, 'ended', true],
    ['cancelled', true, 'ended', true],
  ] as const)('that is %s (over: %s): publishing → %s, closed to changes: %s', (status, isOver, publication, ended) => {
    expect(decidePublication({ status, isOver })).toBe(publication);
    expect(hasEnded({ status, isOver })).toBe(ended);
  });

  it('keeps what a change leaves out', () => {
    expect(change(event, { title: 'Blues' })).toEqual({ ...event, title: 'Blues' });
  });

  it('replaces its venue as a whole, so that no old coordinates stay at a new address', () => {
    const before = { ...event, venue: { name: 'Hall', latitude: 1, longitude: 2 } };
    expect(change(before, { venue: { name: 'Barn' } }).venue).toEqual({ name: 'Barn' });
  });

  it('moves the end of refunds with the start, unless it was set apart', () => {
    const startsAt = '2030-07-01T18:00:00Z';
    expect(change(event, { startsAt }).refundableUntil).toEqual(new Date(startsAt));
    const apart = { ...event, refundableUntil: new Date('2030-05-01T00:00:00Z') };
    expect(change(apart, { startsAt }).refundableUntil).toEqual(apart.refundableUntil);
  });

  it('ends after it starts, also when a change names only one of the two', () => {
    const late = { startsAt: '2030-06-02T00:00:00Z' };
    const early = { endsAt: '2030-06-01T18:00:00Z' };
    expect(faultsOfTimes(change(event, late), late)).toEqual([{ path: 'startsAt', message: 'is before endsAt' }]);
    expect(faultsOfTimes(change(event, early), early)).toEqual([{ path: 'endsAt', message: 'is after startsAt' }]);
    expect(faultsOfTimes(event, {})).toEqual([]);
  });
});
