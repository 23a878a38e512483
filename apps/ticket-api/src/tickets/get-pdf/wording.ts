import type { Money } from '@app/contracts';
import type { PrintableTicket } from './printable-ticket.js';

/** "Saturday 1 June 2030, 20:00 – 23:00", as the clocks at the venue show it. */
export function wordTime({ startsAt, endsAt, timezone }: PrintableTicket['event']): { date: string; time: string } {
  const day = new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: timezone,
  });
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: timezone });
  const [first, last] = [day.format(startsAt), day.format(endsAt)];
  const end = first === last ? clock.format(endsAt) : `${last}, ${clock.format(endsAt)}`;
  return { date: first, time: `${clock.format(startsAt)} – ${end}` };
}

/** "Europe/Warsaw, GMT+2": which clocks these are. */
export function wordZone({ startsAt, timezone }: PrintableTicket['event']): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, timeZoneName: 'shortOffset' });
  const offset = parts.formatToParts(startsAt).find(({ type }) => type === 'timeZoneName')?.value;
  return offset === undefined || offset === timezone ? timezone : `${timezone.replaceAll('_', ' ')}, ${offset}`;
}

/**
 * Currencies of ISO 4217 whose minor unit is not a hundredth. (Intl counts by custom and not by ISO: its forint has no
 * fillér, ours has two digits.)
 */
const DIGITS = new Map<string, number>([
  ...[
    'BIF',
    'CLP',
    'DJF',
    'GNF',
    'ISK',
    'JPY',
    'KMF',
    'KRW',
    'PYG',
    'RWF',
    'UGX',
    'UYI',
    'VND',
    'VUV',
    'XAF',
    'XOF',
    'XPF',
  ].map((currency) => [currency, 0] as const),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((currency) => [currency, 3] as const),
  ['CLF', 4],
  ['UYW', 4],
]);

/** "EUR 45.00", "JPY 4,500", "KWD 4.500"; "Free" for nothing. */
export function wordPrice({ amount, currency }: Money): string {
  if (amount === 0) return 'Free';
  const digits = DIGITS.get(currency) ?? 2;
  const decimals = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code', ...decimals });
  return format.format(amount / 10 ** digits);
}

/** Lines of the venue's address below its name. */
export const wordPlace = ({ address, city, country }: PrintableTicket['event']['venue']): string[] =>
  [address, [city, country].filter(Boolean).join(', ')].filter((line): line is string => Boolean(line));
