import type { PrintableTicket } from '../printable-ticket.js';

/** A ticket for what is told of tickets on paper, in calendars and in wallets. */
export const sampleTicket: PrintableTicket = {
  id: '019a6e00-1234-7000-8000-000000000001',
  status: 'valid',
  number: '100000042',
  orderId: '019a6e00-1234-7000-8000-00000000000a',
  code: 'V50QA4B$MRPQHKKBK8OSH*3S*84GISHVKVZOO/V009Q:HG%O0:EFY3100',
  holder: 'Zofia Wąsowska',
  type: 'Parter stojący',
  price: { amount: 18_900, currency: 'PLN' },
  event: {
    id: '019a6e00-1234-7000-8000-00000000000e',
    status: 'published',
    createdAt: new Date('2030-01-01T12:00:00Z'),
    updatedAt: new Date('2030-01-01T12:10:00Z'),
    title: 'Zażółć gęślą jaźń',
    organizer: 'Stowarzyszenie „Ćma”',
    startsAt: new Date('2030-06-01T18:00:00Z'),
    endsAt: new Date('2030-06-01T21:30:00Z'),
    timezone: 'Europe/Warsaw',
    venue: { name: 'Klub Wytwórnia', address: 'ul. Łąkowa 29', city: 'Łódź', country: 'Polska' },
    position: { latitude: 51.7592, longitude: 19.4384 },
    terms: null,
    url: 'http://localhost:3000/api/v1/events/019a6e00-1234-7000-8000-00000000000e',
  },
};

/** The same ticket for another event, or one that is told otherwise. */
export const sampleAbout = (event: Partial<PrintableTicket['event']>): PrintableTicket => ({
  ...sampleTicket,
  event: { ...sampleTicket.event, ...event },
});
