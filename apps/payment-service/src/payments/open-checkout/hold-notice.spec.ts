import { describe, expect, it } from '@jest/globals';
import { holdNotice } from './hold-notice.js';

const end = new Date('2026-11-21T23:05:59.000Z');

describe('the end of the hold', () => {
  it.each([
    ['Europe/Berlin', 'until 00:05 (CET) on 22 November.'],
    ['America/New_York', 'until 18:05 (GMT-5) on 21 November.'],
    ['Asia/Kolkata', 'until 04:35 (GMT+5:30) on 22 November.'],
    ['UTC', 'until 23:05 (UTC) on 21 November.'],
  ])("is told on the event's clock in %s, never later than it is", (zone, text) => {
    expect(holdNotice(end, zone)).toContain(text);
  });

  it.each([null, 'Mars/Olympus'])('is told in UTC when the zone is %s', (zone) => {
    expect(holdNotice(end, zone)).toContain('until 23:05 (UTC) on 21 November.');
  });
});
