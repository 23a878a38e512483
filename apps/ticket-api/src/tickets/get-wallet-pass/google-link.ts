import { importPKCS8, SignJWT } from 'jose';
import type { GoogleWallet } from '../../wallets.js';
import type { PrintableTicket } from '../printable-ticket.js';
import { wordPlace } from '../wording.js';

/** Longer addresses are cut on their way by some browsers: https://developers.google.com/wallet/tickets/events/web. */
const LONGEST_TOKEN = 1_800;

/** What is tried, from the most to the least: characters of each text, and what beside the event's name is told. */
const LEVELS = [
  ...[200, 60].map((length) => ({ length, withPlace: true, withHolder: true })),
  ...[100, 60, 40].map((length) => ({ length, withPlace: true, withHolder: false })),
  ...[100, 60, 40, 25, 15].map((length) => ({ length, withPlace: false, withHolder: false })),
];
type Level = (typeof LEVELS)[number];

/**
 * `https://pay.google.com/gp/v/save/<token>`: the token has the pass, so nothing is told to Google before the link is followed.
 * Texts that would make it too long are cut. @param now milliseconds
 */
export async function googleSaveLink(wallet: GoogleWallet, ticket: PrintableTicket, now: number): Promise<string> {
  const key = await importPKCS8(wallet.key, 'RS256');
  let token = '';
  for (const level of LEVELS) {
    token = await new SignJWT({ typ: 'savetowallet', payload: passOf(wallet, ticket, level) })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(wallet.email)
      .setAudience('google')
      .setIssuedAt(Math.floor(now / 1000))
      .sign(key);
    if (token.length <= LONGEST_TOKEN) break;
  }
  return `https://pay.google.com/gp/v/save/${token}`;
}

/** https://developers.google.com/wallet/reference/rest/v1/eventticketobject */
function passOf({ issuerId }: GoogleWallet, ticket: PrintableTicket, { length, withPlace, withHolder }: Level) {
  const { event } = ticket;
  const text = (value: string) => ({ defaultValue: { language: 'en', value: cut(value, length) } });
  const address = wordPlace(event.venue).join(', ') || event.venue.name;
  const classId = `${issuerId}.${shortened(event.id)}`;
  return {
    eventTicketClasses: [
      {
        id: classId,
        issuerName: cut(event.organizer, length),
        reviewStatus: 'UNDER_REVIEW',
        eventName: text(event.title),
        ...(withPlace && { venue: { name: text(event.venue.name), address: text(address) } }),
        dateTime: { start: inSeconds(event.startsAt) },
      },
    ],
    eventTicketObjects: [
      {
        id: `${issuerId}.${shortened(ticket.id)}`,
        classId,
        state: 'ACTIVE',
        barcode: { type: 'QR_CODE', value: ticket.code },
        ticketNumber: ticket.number,
        ...(withHolder && { ticketHolderName: cut(ticket.holder, length), ticketType: text(ticket.type) }),
      },
    ],
  };
}

const inSeconds = (at: Date) => at.toISOString().replace('.000Z', 'Z');

/** The same id in 22 characters, of those that Google takes. */
const shortened = (uuid: string) => Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url');

const cut = (text: string, length: number): string => {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
};
