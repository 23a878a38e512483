import { describe, expect, it } from '@jest/globals';
import { create } from 'qrcode';
import type { PrintableTicket } from '../printable-ticket.js';
import { code128Bars } from '../code128.js';
import { sampleAbout, sampleTicket } from '../testing/sample-ticket.js';
import { renderTickets } from './render-tickets.js';

const ticket = sampleTicket;
const about = sampleAbout;

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

/** Points from the foot of the first page to its last line of text. */
const lowest = (pdf: string) => {
  const content = objectOf(pdf, referenceOf(pagesOf(pdf)[0] ?? '', 'Contents'));
  return Math.min(...[...content.matchAll(/^1 0 0 1 -?[\d.]+ (-?[\d.]+) Tm$/gm)].map(([, y]) => Number(y)));
};

/** Rectangles within the pictures of a page, in the order in which they are read: the QR code, the barcode. */
const picturesOf = (pdf: string) => {
  const content = objectOf(pdf, referenceOf(pagesOf(pdf)[0] ?? '', 'Contents'));
  return [...content.matchAll(/\/Figure <<[\s\S]*?EMC/g)].map(([drawing]) =>
    [...drawing.matchAll(/^([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re$/gm)].map((found) => found.slice(1).map(Number)),
  );
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
      '019a6e00-1234-7000-8000-00000000000a',
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
    const [rectangles = []] = picturesOf(pdf);
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
    const [x = 0, , , module = 0] = picturesOf(pdf)[0]?.[0] ?? [];
    const { size } = create([{ data: ticket.code, mode: 'alphanumeric' }], { errorCorrectionLevel: 'M' }).modules;
    const cardEnd = 42 + 511;
    expect(cardEnd - (x + size * module)).toBeGreaterThan(4 * module);
  });

  it('leaves pictographs out that the font lacks, and keeps every letter', async () => {
    const words = await wordsOf(about({ title: '🎉 Jazz 👨‍👩‍👧 ★ 🇵🇱 Łódź 👍🏽 ♥️' }));
    expect(words).toMatch(/^Jazz ★ Łódź ♥$/m);
  });

  it('is found by a hand scanner: its number stands there as bars, with white around them', async () => {
    const [, bars = []] = picturesOf(await render(ticket));
    const { width, bars: expected } = code128Bars(ticket.number);
    const [[left = 0, , , height = 0] = []] = bars;
    const module = (bars[0]?.[2] ?? 0) / (expected[0]?.width ?? 1);
    const drawn = bars.map(([x = 0, , wide = 0]) => [Math.round((x - left) / module), Math.round(wide / module)]);
    expect(drawn).toEqual(expected.map((bar) => [bar.at - 10, bar.width]));
    expect(width).toBe((expected.at(-1)?.at ?? 0) + (expected.at(-1)?.width ?? 0) + 10);
    expect(module).toBeGreaterThan(1);
    expect(height).toBeGreaterThan(20);
  });

  it.each([
    ['Japanese', 'サントリーホール 東京'],
    ['Chinese', '上海大剧院 新年音乐会'],
    ['Chinese of Taiwan', '臺灣國際藝術節'],
    ['Korean', '서울시립교향악단'],
    ['Thai', 'คอนเสิร์ต'],
    ['Hindi', 'संगीत'],
    ['Arabic', 'حفلة'],
  ])('draws %s: no letter is an empty box', async (_, title) => {
    const pdf = await render(about({ title }));
    const content = objectOf(pdf, referenceOf(pagesOf(pdf)[0] ?? '', 'Contents'));
    const heading = /\/H1 [\s\S]*?EMC/.exec(content)?.[0] ?? '';
    const glyphs = [...heading.matchAll(/<([\da-f]+)>/g)].flatMap(([, run]) => (run ?? '').match(/.{4}/g) ?? []);
    expect(glyphs.length).toBeGreaterThan(2);
    expect(glyphs).not.toContain('0000');
  });

  it('gives a title of two directions in the order in which it is seen', async () => {
    const words = await wordsOf(about({ title: 'ערב (2) Jazz' }));
    // From the right: the evening, its number in brackets that open to the left, and Jazz at the left.
    expect(words.replaceAll('\n', '')).toContain('Jazz (2) ברע');
  });

  it("has the organizer's terms in full, paragraph by paragraph, in smaller letters if need be", async () => {
    const terms = Array.from({ length: 20 }, (_, at) => `${at + 1}. No ${'umbrella '.repeat(7)}here.`).join('\n');
    const words = await wordsOf(about({ terms }));
    for (const line of terms.split('\n')) expect(words).toContain(line);
    expect(words).not.toContain('Shortened');
  });

  it('has terms of many short lines in two columns, the first one full before the second', async () => {
    const terms = Array.from({ length: 60 }, (_, at) => `Rule ${at + 1} of the house`);
    const words = await wordsOf(about({ terms: terms.join('\n') }));
    expect(words).toContain(terms.join('\n'));
    expect(words).not.toContain('Shortened');
  });

  it.each([
    ['many lines', Array.from({ length: 400 }, (_, at) => `${at}`).join('\n')],
    ['wide letters', '東京の音楽会'.repeat(333)],
  ])('shortens terms that cannot fit, of %s, and says where all of them are', async (_, terms) => {
    const long = 'A long text '.repeat(16);
    const given = { ...about({ terms, title: long, organizer: long }), holder: long, type: long };
    given.event.venue = { name: long, address: long, city: long.slice(0, 100), country: long.slice(0, 100) };
    const pdf = await render(given);
    const words = textOf(pdf, pagesOf(pdf)[0] ?? '');
    expect(words).toContain(`Shortened to fit this page. In full: ${ticket.event.url}`);
    expect(pagesOf(pdf)).toHaveLength(1);
    expect(lowest(pdf)).toBeGreaterThan(36);
  });

  it('has nothing of terms where there are none', async () => {
    for (const terms of [null, '', ' \n ']) expect(await wordsOf(about({ terms }))).not.toContain('TERMS');
  });

  it('says to a screen reader what everything is: one heading, pictures in words, decoration apart', async () => {
    const pdf = await render(about({ terms: 'No bags.' }));
    const kinds = [...pdf.matchAll(/\/S \/(\w+)\n/g)].map(([, kind]) => kind);
    const count = (wanted: string) => kinds.filter((kind) => kind === wanted).length;
    expect([count('Document'), count('Sect'), count('H1'), count('H2'), count('Figure')]).toEqual([1, 1, 1, 1, 2]);
    expect(pdf).toContain('/Alt (The code that admits, for ticket 100000042)');
    expect(pdf).toMatch(/\/Marked true/);
    const content = objectOf(pdf, referenceOf(pagesOf(pdf)[0] ?? '', 'Contents'));
    // All that is drawn lies in something that is marked.
    const outside = content.replaceAll(/ BDC\n[\s\S]*?EMC\n/g, '');
    expect(outside).not.toMatch(/ (re|l|c)$|TJ$/m);
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
    expect(lowest(pdf)).toBeGreaterThan(40);
  });

  it('is one of several pages that share their fonts, and says which of how many', async () => {
    const pdf = await render(ticket, { ...ticket, number: '100000043' }, { ...ticket, number: '100000044' });
    const pages = pagesOf(pdf).map((page) => textOf(pdf, page));
    expect(pages.map((words) => /TICKET \d OF \d/.exec(words)?.[0])).toEqual([
      'TICKET 1 OF 3',
      'TICKET 2 OF 3',
      'TICKET 3 OF 3',
    ]);
    expect(pages.map((words) => /^\d{9}$/m.exec(words)?.[0])).toEqual(['100000042', '100000043', '100000044']);
    expect(pdf.match(/\/FontFile2/g)).toHaveLength(2);
  });

  it('lets others have their turn while many are printed', async () => {
    const delays: number[] = [];
    let since = performance.now();
    const timer = setInterval(() => {
      delays.push(performance.now() - since);
      since = performance.now();
    }, 1);
    const began = performance.now();
    await renderTickets(Array.from({ length: 150 }, (_, at) => ({ ...ticket, number: String(100_000_000 + at) })));
    const lasted = performance.now() - began;
    clearInterval(timer);
    expect(delays.length).toBeGreaterThan(10);
    expect(Math.max(...delays)).toBeLessThan(lasted / 3);
  });
});
