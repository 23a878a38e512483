import { PKPass } from 'passkit-generator';
import type { AppleWallet } from '../../wallets.js';
import type { PrintableTicket } from '../printable-ticket.js';
import { wordPlace, wordPrice, wordTime, wordZone } from '../wording.js';
import { ticketIcon } from './ticket-icon.js';

/** Hours after the event for which the pass stays among the others. */
const KEPT = 24 * 3_600_000;

/**
 * A ticket as a signed pass (application/vnd.apple.pkpass). Its serial number is the ticket's id, so that a later one replaces it.
 * What it needs comes in it: nothing is asked of us when it is shown.
 */
export function applePass(wallet: AppleWallet, ticket: PrintableTicket): Buffer {
  const { event } = ticket;
  const pass = new PKPass(
    images(),
    { wwdr: wallet.wwdr, signerCert: wallet.certificate, signerKey: wallet.key },
    {
      ...{ formatVersion: 1, passTypeIdentifier: wallet.passTypeId, teamIdentifier: wallet.teamId },
      ...{ serialNumber: ticket.id, groupingIdentifier: event.id, organizationName: event.organizer },
      description: `Ticket ${ticket.number}: ${event.title}`,
      logoText: event.organizer,
      ...{ backgroundColor: 'rgb(35,18,79)', foregroundColor: 'rgb(255,255,255)', labelColor: 'rgb(221,210,255)' },
      // Whoever has it gets in: it is handed on by a transfer, which ends the present code.
      sharingProhibited: true,
    },
  );
  pass.type = 'eventTicket';
  writeFields(pass, ticket);
  pass.setBarcodes({
    format: 'PKBarcodeFormatQR',
    message: ticket.code,
    messageEncoding: 'iso-8859-1',
    altText: ticket.number,
  });
  pass.setRelevantDate(event.startsAt);
  pass.setRelevantDates([{ startDate: event.startsAt, endDate: event.endsAt }].filter(isWithinADay));
  pass.setExpirationDate(new Date(event.endsAt.getTime() + KEPT));
  if (event.position) pass.setLocations({ ...event.position, relevantText: event.venue.name });
  return pass.getAsBuffer();
}

/** Longer intervals are not taken. */
const isWithinADay = ({ startDate, endDate }: { startDate: Date; endDate: Date }) =>
  endDate.getTime() - startDate.getTime() <= 24 * 3_600_000;

function writeFields(pass: PKPass, ticket: PrintableTicket): void {
  const { event } = ticket;
  const [day, hours] = wordTime(event);
  pass.primaryFields.push({ key: 'event', label: 'EVENT', value: event.title });
  pass.secondaryFields.push({ key: 'where', label: 'WHERE', value: event.venue.name });
  pass.secondaryFields.push({ key: 'when', label: 'WHEN', value: `${day}, ${hours}` });
  pass.auxiliaryFields.push({ key: 'holder', label: 'HOLDER', value: ticket.holder });
  pass.auxiliaryFields.push({ key: 'type', label: 'TICKET', value: ticket.type });
  const back = {
    'Ticket number': `${ticket.number} (finds the ticket, admits nobody)`,
    Order: ticket.orderId,
    Price: wordPrice(ticket.price),
    Address: [event.venue.name, ...wordPlace(event.venue)].join('\n'),
    'Time zone': wordZone(event),
    Terms: event.terms ?? '',
    'All about it': event.url,
  };
  for (const [label, value] of Object.entries(back))
    if (value !== '') pass.backFields.push({ key: label.toLowerCase().replaceAll(' ', '-'), label, value });
}

let drawn: Record<string, Buffer> | undefined;
const images = (): Record<string, Buffer> => ({
  ...(drawn ??= {
    'icon.png': ticketIcon(29),
    'icon@2x.png': ticketIcon(58),
    'icon@3x.png': ticketIcon(87),
    'logo.png': ticketIcon(50),
    'logo@2x.png': ticketIcon(100),
  }),
});
