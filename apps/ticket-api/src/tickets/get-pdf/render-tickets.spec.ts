import { describe, expect, it } from '@jest/globals';
import { create } from 'qrcode';
import type { PrintableTicket } from './printable-ticket.js';
import { renderTickets } from './render-tickets.js';

const ticket: PrintableTicket = {
  number: '100000042',
  orderId: '019a6e00-1234-7000-8000-00000000000a',
  code: 'V50QA4B$MRPQHKKBK8OSH*3S*84GISHVKVZOO/V009Q:HG%O0:EFY3100',
  holder: 'Zofia Wąsowska',
  type: 'Parter stojący',
  price: { amount: 18_900, currency: 'PLN' },
  event: {
    title: 'Zażółć gęślą jaźń',
    organizer: 'Stowarzyszenie „Ćma”',
    startsAt: new Date('2030-06-01T18:00:00Z'),
    endsAt: new Date('2030-06-01T21:30:00Z'),
    timezone: 'Europe/Warsaw',
    venue: { name: 'Klub Wytwórnia', address: 'ul. Łąkowa 29', city: 'Łódź', country: 'Polska' },
  },
};
const about = (given: Partial<PrintableTicket['event']>) => ({ ...ticket, event: { ...ticket.event, ...given } });

const render = async (...tickets: PrintableTicket[]) =>
  (await renderTickets(tickets, { compress: false })).toString('latin1');

const objectOf = (pdf: string, number: string) =>
  new RegExp(`\\n${number} 0 obj([\\s\\S]*?)\\nendobj`).exec(pdf)?.[1] ?? '';
const referenceOf = (object: string, key: string) => new RegExp(`/${key} (\\d+) 0 R`).exec(object)?.[1] ?? '';
const pagesOf = (pdf: string) => [...pdf.matchAll(/\/Type \/Page\n[\s\S]*?\nendobj/g)].map(([object]) => object);

/** Text as a reader's search finds it: glyphs by the font's own table, which pdfkit writes as one range of arrays. */
function textOf(pdf: string, page: string): string {
  const resources = objectOf(pdf, referenceOf(page, 'Resources'));
  const content = objectOf(pdf, referenceOf(page, 'Contents'));
  let letters: string[] = [];
  const lines: string[] = [];
  for (const [, font, glyphs] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[(<.*?)\] TJ/g)) {
    if (font) {
      const table = objectOf(pdf, referenceOf(objectOf(pdf, referenceOf(resources, font)), 'ToUnicode'));
      const ranges = [...table.matchAll(/\[((?:<[\da-f ]+> ?)+)\]/g)].flatMap(([, range]) => [
        ...(range ?? '').matchAll(/<([\da-f ]+)>/g),
      ]);
      letters = ranges.map(([, codes]) =>
        String.fromCodePoint(...(codes ?? '').split(' ').map((code) => parseInt(code, 16))),
      );
    } else {
      const indexes = [...(glyphs ?? '').matchAll(/<([\da-f]+)>/g)].flatMap(
        ([, run]) => (run ?? '').match(/.{4}/g) ?? [],
      );
      lines.push(indexes.map((index) => letters[parseInt(index, 16)] ?? '?').join(''));
    }
  }
  return lines.join('\n').replace(/ *\n/g, '\n');
}

const wordsOf = async (given: PrintableTicket) => {
  const pdf = await render(given);
  return textOf(pdf, pagesOf(pdf)[0] ?? '');
};

describe('a printed ticket', () => {
  it('says what, when, where, for whom, at what price, in any European script', async () => {
    const words = await wordsOf(ticket);
    for (const expected of [
      'Zażółć gęślą jaźń',
      'Stowarzyszenie „Ćma”',
      'Saturday, 1 June 2030',
      '20:00 – 23:30',
      'Europe/Warsaw, GMT+2',
      'Klub Wytwórnia',
      'ul. Łąkowa 29',
      'Łódź, Polska',
      'Zofia Wąsowska',
      'Parter stojący',
      'PLN\u00a0189.00'.replace('\u00a0', ' '),
      '100000042',
      'Order 019a6e00-1234-7000-8000-00000000000a',
    ])
      expect(words.replaceAll('\u00a0', ' ')).toContain(expected);
    expect(await wordsOf(about({ title: 'Шостакович, Θεοδωράκης' }))).toContain('Шостакович, Θεοδωράκης');
  });

  it('can be searched and read aloud, also after others with letters that are parts of its own', async () => {
    for (const title of ['żżż ĳ ść', 'zz ij fi office sc']) {
      const words = await wordsOf(about({ title }));
      expect(words).toContain(title);
      expect(words).not.toContain('?');
    }
  });

  it('draws the code module by module, as squares', async () => {
    const pdf = await render(ticket);
    const content = objectOf(pdf, referenceOf(pagesOf(pdf)[0] ?? '', 'Contents'));
    const rectangles = [...content.matchAll(/^([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re$/gm)].map((found) =>
      found.slice(1).map(Number),
    );
    const { modules } = create([{ data: ticket.code, mode: 'alphanumeric' }], { errorCorrectionLevel: 'M' });
    const [left = 0, top = 0, finder = 0, module = 0] = rectangles[0] ?? [];
    expect(finder / module).toBeCloseTo(7, 3);
    const drawn = Array.from({ length: modules.size }, () => Array<number>(modules.size).fill(0));
    for (const [x = 0, y = 0, width = 0, height = 0] of rectangles) {
      if (Math.abs(height - module) > 0.001) continue;
      const column = Math.round((x - left) / module);
      drawn[Math.round((y - top) / module)]?.fill(1, column, column + Math.round(width / module));
    }
    const expected = drawn.map((row, y) => row.map((_, x) => (modules.get(y, x) ? 1 : 0)));
    expect(drawn).toEqual(expected);
  });

  it('keeps a hand of white around the code: four modules on every side', async () => {
    const pdf = await render(ticket);
    const content = objectOf(pdf, referenceOf(pagesOf(pdf)[0] ?? '', 'Contents'));
    const [, x = 0, , , module = 0] = (/^([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re$/m.exec(content) ?? []).map(Number);
    const { size } = create([{ data: ticket.code, mode: 'alphanumeric' }], { errorCorrectionLevel: 'M' }).modules;
    const cardEnd = 42 + 511;
    expect(cardEnd - (x + size * module)).toBeGreaterThan(4 * module);
  });

  it('leaves pictographs out that the font lacks, and keeps every letter', async () => {
    const words = await wordsOf(about({ title: '🎉 Jazz 👨‍👩‍👧 ★ 🇵🇱 Łódź 👍🏽 ♥️' }));
    expect(words).toMatch(/^Jazz ★ Łódź ♥/m);
  });

  it('sets a line of a script that runs from the right from the right', async () => {
    const words = await wordsOf(about({ title: 'שלום עולם' }));
    expect(words).toContain([...'שלום עולם'].reverse().join(''));
  });

  it('stays one page, whatever is written into the event', async () => {
    const long = 'A very long text that somebody pasted here. '.repeat(40);
    const given = { ...about({ title: long, organizer: long }), holder: long, type: long };
    given.event.venue = { name: long, address: long, city: long, country: long };
    const pdf = await render(given);
    expect(pagesOf(pdf)).toHaveLength(1);
    const content = objectOf(pdf, referenceOf(pagesOf(pdf)[0] ?? '', 'Contents'));
    const baselines = [...content.matchAll(/^1 0 0 1 [\d.]+ (-?[\d.]+) Tm$/gm)].map(([, y]) => Number(y));
    expect(Math.min(...baselines)).toBeGreaterThan(40);
  });

  it('is one of several pages that share their fonts, and says which of how many', async () => {
    const pdf = await render(ticket, { ...ticket, number: '100000043' }, { ...ticket, number: '100000044' });
    const pages = pagesOf(pdf).map((page) => textOf(pdf, page));
    expect(pages.map((words) => /ticket \d of \d/.exec(words)?.[0])).toEqual([
      'ticket 1 of 3',
      'ticket 2 of 3',
      'ticket 3 of 3',
    ]);
    expect(pages.map((words) => /\d{9}/.exec(words)?.[0])).toEqual(['100000042', '100000043', '100000044']);
    expect(pdf.match(/\/FontFile2/g)).toHaveLength(2);
  });
});
