import type { EventFacts } from '@app/contracts';

interface Shown {
  day: string;
  clock: string;
  zone: string;
}

/** A zone that this Node does not know is shown as UTC, and says so: a mail is not lost over it. */
function show(instant: string, timeZone: string): Shown {
  let format: Intl.DateTimeFormat;
  try {
    format = formatIn(timeZone);
  } catch {
    format = formatIn('UTC');
  }
  const parts = Object.fromEntries(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  return {
    day: `${parts['weekday']} ${parts['day']} ${parts['month']} ${parts['year']}`,
    clock: `${parts['hour']}:${parts['minute']}`,
    zone: parts['timeZoneName'] ?? timeZone,
  };
}

const formatIn = (timeZone: string) =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });

/** When an event is, on its own clock: `Saturday 21 November 2026, 20:00 – 23:00 (CET)`. */
export function showEventTime({
  startsAt,
  endsAt,
  timezone,
}: Pick<EventFacts, 'startsAt' | 'endsAt' | 'timezone'>): string {
  const start = show(startsAt, timezone);
  const end = show(endsAt, timezone);
  if (start.day === end.day && start.zone === end.zone)
    return `${start.day}, ${start.clock} – ${end.clock} (${start.zone})`;
  return `${start.day}, ${start.clock} (${start.zone}) – ${end.day}, ${end.clock} (${end.zone})`;
}

/** When it begins, on its own clock: `Saturday 21 November 2026, 20:00`. */
export function showStart({ startsAt, timezone }: Pick<EventFacts, 'startsAt' | 'timezone'>): string {
  const { day, clock } = show(startsAt, timezone);
  return `${day}, ${clock}`;
}

/** `Saturday 21 November 2026, 12:00 (UTC)`, for what happens at no place of its own. */
export function showInstant(instant: string): string {
  const { day, clock, zone } = show(instant, 'UTC');
  return `${day}, ${clock} (${zone})`;
}
