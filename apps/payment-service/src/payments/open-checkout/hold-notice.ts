/**
 * Until when the tickets are held, on the event's own clock (UTC if this Node does not know its zone). The provider's page
 * lives longer than the hold and would say nothing of it.
 */
export function holdNotice(holdEnd: Date, timezone: string | null): string {
  const parts = Object.fromEntries(
    formatIn(timezone)
      .formatToParts(holdEnd)
      .map(({ type, value }) => [type, value]),
  );
  const { hour, minute, timeZoneName, day, month } = parts;
  return `Your tickets are held until ${hour}:${minute} (${timeZoneName}) on ${day} ${month}. Pay before then: after that they may go to somebody else.`;
}

function formatIn(timezone: string | null): Intl.DateTimeFormat {
  try {
    return format(timezone ?? 'UTC');
  } catch {
    return format('UTC');
  }
}

const format = (timeZone: string) =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });
