import type { Money } from '@app/contracts';
import type { PrintableTicket } from './printable-ticket.js';

/** Hours up to which an end after midnight is taken as of the same night. */
const ONE_NIGHT = 18 * 3_600_000;

/**
 * Two lines, as the clocks at the venue show it: "Saturday, 1 June 2030" and "20:00 – 02:00", or for what lasts longer
 * "Saturday, 1 June 2030, 12:00" and "– Monday, 3 June 2030, 18:00".
 */
export function wordTime({ startsAt, endsAt, timezone: timeZone }: PrintableTicket['event']): [string, string] {
  const longDate = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  const date = new Intl.DateTimeFormat('en-GB', { ...longDate, timeZone });
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone });
  const [from, to] = [clock.format(startsAt), clock.format(endsAt)];
  const isShort = endsAt.getTime() - startsAt.getTime() <= ONE_NIGHT;
  if (isShort) return [date.format(startsAt), `${from} – ${to}`];
  return [`${date.format(startsAt)}, ${from}`, `– ${date.format(endsAt)}, ${to}`];
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
