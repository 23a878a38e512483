const DAY = 24 * 3_600_000;
/** Clock times of the event's zone, in minutes: who is reminded is awake. */
const EARLIEST = 9 * 60;
const LATEST = 20 * 60;

/**
 * When holders are reminded: on the day before the event starts, by its own calendar, at the clock time at which it starts,
 * but between 9:00 and 20:00. A zone that this Node does not know counts as UTC.
 */
export function reminderTime(startsAt: Date, timezone: string): Date {
  const zone = known(timezone);
  const start = wallClock(startsAt, zone);
  const midnight = Math.floor(start / DAY) * DAY;
  const minutes = Math.min(Math.max((start - midnight) / 60_000, EARLIEST), LATEST);
  return instantOf(midnight - DAY + minutes * 60_000, zone);
}

/** What the clocks of the zone show at that instant, as milliseconds of a calendar without zones. */
function wallClock(at: Date, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', { ...PARTS, timeZone });
  const shown = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(shown['year']!, shown['month']! - 1, shown['day'], shown['hour'], shown['minute'], shown['second']);
}

const PARTS = {
  ...({ year: 'numeric', month: 'numeric', day: 'numeric' } as const),
  ...({ hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const),
};

/** An instant at which the zone's clocks show that; where they skip it, one within the hour. */
function instantOf(shown: number, timeZone: string): Date {
  const guess = shown - (wallClock(new Date(shown), timeZone) - shown);
  return new Date(guess - (wallClock(new Date(guess), timeZone) - shown));
}

function known(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
