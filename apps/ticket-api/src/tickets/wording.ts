import { wordMoney, type Money } from '@app/contracts';
import type { PrintableTicket } from './printable-ticket.js';

/** Hours up to which an end after midnight is taken as of the same night. */
const ONE_NIGHT = 18 * 3_600_000;

/**
 * Two lines, as the clocks at the venue show it: "Saturday, 1 June 2030" and "20:00 – 02:00", or for what lasts longer
 * "Saturday, 1 June 2030, 12:00" and "– Monday, 3 June 2030, 18:00".
 */
export function wordTime({ startsAt, endsAt, timezone }: PrintableTicket['event']): [string, string] {
  const { date, clock } = formatsOf(timezone);
  const [from, to] = [clock.format(startsAt), clock.format(endsAt)];
  const isShort = endsAt.getTime() - startsAt.getTime() <= ONE_NIGHT;
  if (isShort) return [date.format(startsAt), `${from} – ${to}`];
  return [`${date.format(startsAt)}, ${from}`, `– ${date.format(endsAt)}, ${to}`];
}

/** "Europe/Warsaw, GMT+2": which clocks these are. */
export function wordZone({ startsAt, timezone }: PrintableTicket['event']): string {
  const offset = formatsOf(timezone)
    .zone.formatToParts(startsAt)
    .find(({ type }) => type === 'timeZoneName')?.value;
  return offset === undefined || offset === timezone ? timezone : `${timezone.replaceAll('_', ' ')}, ${offset}`;
}

/** Making one costs as much as setting ten lines. There are as many as zones. */
function formatsOf(timeZone: string) {
  const known = formats.get(timeZone);
  if (known) return known;
  const longDate = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  const made = {
    date: new Intl.DateTimeFormat('en-GB', { ...longDate, timeZone }),
    clock: new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }),
    zone: new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'shortOffset' }),
  };
  formats.set(timeZone, made);
  return made;
}

const formats = new Map<string, Record<'date' | 'clock' | 'zone', Intl.DateTimeFormat>>();

/** "€45.00"; "Free" for nothing. */
export const wordPrice = (price: Money): string => (price.amount === 0 ? 'Free' : wordMoney(price));

/** Lines of the venue's address below its name. */
export const wordPlace = ({ address, city, country }: PrintableTicket['event']['venue']): string[] =>
  [address, [city, country].filter(Boolean).join(', ')].filter((line): line is string => Boolean(line));
