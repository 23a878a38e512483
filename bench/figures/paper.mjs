import { median } from '../rounds.mjs';

const PAGES = 400;

/** One document of many tickets, made in a process that does nothing else; the first one, which reads library and fonts, does not count. */
export async function measurePaper(_stage, { rounds }) {
  const { renderTickets } = await import('../../dist/apps/ticket-api/src/tickets/get-pdf/render-tickets.js');
  const tickets = Array.from({ length: PAGES }, (_, at) => ticket(at));
  await renderTickets(tickets.slice(0, 10));
  const printed = [];
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    await renderTickets(tickets);
    printed.push((PAGES / (performance.now() - began)) * 1000);
  }
  return { 'pdf-pages': { subject: median(printed), rounds: printed } };
}

/** As an ordinary event has them, each with a code of its own of the usual length. */
const ticket = (at) => ({
  number: String(100_000_000 + at),
  orderId: '019a6e00-1234-7000-8000-00000000000a',
  code: Array.from({ length: 153 }, (_, place) => ALPHABET[(place * place + at * 7 + place * at) % 45]).join(''),
  holder: `Zofia Wąsowska ${at}`,
  type: 'Parter stojący',
  price: { amount: 18_900, currency: 'PLN' },
  event: {
    title: 'Zażółć gęślą jaźń',
    organizer: 'Stowarzyszenie „Ćma”',
    startsAt: new Date('2030-06-01T18:00:00Z'),
    endsAt: new Date('2030-06-01T21:30:00Z'),
    timezone: 'Europe/Warsaw',
    venue: { name: 'Klub Wytwórnia', address: 'ul. Łąkowa 29', city: 'Łódź', country: 'Polska' },
    terms: 'Doors open at 19:00. No large bags.\nUnder-16s only with an adult.',
    url: 'https://tickets.example/api/v1/events/019a6e00-1234-7000-8000-00000000000e',
  },
});

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
