import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { operations } from '@app/contracts';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { CheckInModule } from '../../check-in/check-in.module.js';
import { openTicketApi, type TicketApi } from '../../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, addTickets } from '../../testing/seed.js';
import { TicketsModule } from '../tickets.module.js';

/** Printed tickets, read by programs that know nothing of ours: poppler's and a reader of barcodes. */
const TITLE = 'Zażółć gęślą jaźń · Θεοδωράκης · Шостакович · 東京の音楽会';
const TERMS = 'Doors open at 19:00.\n서울 시립 교향악단';

const run = promisify(execFile);
const poppler = async (
  program: 'pdftotext' | 'pdftoppm' | 'pdfinfo' | 'pdffonts',
  ...args: string[]
): Promise<string> => (await run(program, args, { maxBuffer: 16_000_000 })).stdout;

let api: TicketApi;
let owner: Identity;
let holder: Identity;
let ticketIds: string[];
let orderId: string;
let folder: string;

beforeAll(async () => {
  await poppler('pdftotext', '-v').catch((error: Error) => {
    throw new Error('Printed tickets are read by poppler: apt-get install poppler-utils', { cause: error });
  });
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } });
  folder = await mkdtemp(join(tmpdir(), 'printed-tickets-'));
  const lists = operations.filter(({ id }) => /^listTickets|^listMyTickets/.test(id)).map(({ id }) => id);
  const others = ['check-in', 'getTicket', 'ticket codes', 'ticket files'];
  api = await openTicketApi([TicketsModule, CheckInModule], [...lists, ...others]);
  owner = await addPerson(api.db);
  holder = await addPerson(api.db, 'Łucja Müller-Ørsted');
  const event = await addEvent(api.db, await addOrganization(api.db, { owner }));
  await api.db.asOwner('update events set title = $2, terms = $3 where id = $1', [event.eventId, TITLE, TERMS]);
  ({ orderId, ticketIds } = await addTickets(api.db, event, holder, 3));
});
afterAll(async () => {
  await api?.close();
  if (folder) await rm(folder, { recursive: true });
});

const saved = async (path: string) => {
  const { status, body } = await api.call('GET', path, { as: holder });
  expect(status).toBe(200);
  const file = join(folder, `${path.replaceAll('/', '-')}.pdf`);
  await writeFile(file, body);
  return file;
};
/** What a reader of barcodes finds on a page, as a printer draws it. */
const scanned = async (file: string, page: number) => {
  const picture = join(folder, `page-${page}`);
  await poppler('pdftoppm', '-r', '150', '-f', String(page), '-l', String(page), '-singlefile', '-png', file, picture);
  const found = await readBarcodes(await readFile(`${picture}.png`), { formats: ['QRCode', 'Code128'] });
  const of = (format: string) => found.find((each) => each.format === format)?.text;
  return { qr: of('QRCode'), bars: of('Code128') };
};
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ');

describe('a printed ticket, read by other programs', () => {
  it('gives its words back: Polish, Greek, Cyrillic, Japanese, Korean, order and number', async () => {
    const words = oneLine(await poppler('pdftotext', '-layout', await saved(`/tickets/${ticketIds[0]}/pdf`), '-'));
    const { body: ticket } = await api.call('GET', `/tickets/${ticketIds[0]}`, { as: holder });
    for (const part of [...TITLE.split(' · '), ...TERMS.split('\n'), 'Łucja Müller-Ørsted', orderId, ticket.number])
      expect(words).toContain(part);
  });

  it('admits by the code that a scanner reads, and its bars find its number', async () => {
    const { qr, bars } = await scanned(await saved(`/tickets/${ticketIds[0]}/pdf`), 1);
    const { body } = await api.call('POST', `/tickets/${ticketIds[0]}/validate`, { as: owner, body: { code: qr } });
    expect(body).toMatchObject({ valid: true, ticket: { id: ticketIds[0], number: bars } });
  });

  it('is not admitted by what the bars say', async () => {
    const { bars } = await scanned(await saved(`/tickets/${ticketIds[0]}/pdf`), 1);
    const { body } = await api.call('POST', `/tickets/${ticketIds[0]}/validate`, { as: owner, body: { code: bars } });
    expect(body).toMatchObject({ valid: false });
  });

  it('of an order is a page each, and each page has its own codes', async () => {
    const file = await saved(`/orders/${orderId}/pdf`);
    expect(await poppler('pdfinfo', file)).toMatch(/Pages: +3\n/);
    for (const [index, ticketId] of ticketIds.entries()) {
      const { qr, bars } = await scanned(file, index + 1);
      const { body } = await api.call('POST', `/tickets/${ticketId}/validate`, { as: owner, body: { code: qr } });
      expect(body).toMatchObject({ valid: true, ticket: { number: bars } });
    }
  });

  it('says to a screen reader what everything is, in order, and the pictures in words', async () => {
    const file = await saved(`/tickets/${ticketIds[0]}/pdf`);
    expect(await poppler('pdfinfo', file)).toMatch(/Tagged: +yes\n/);
    const structure = await poppler('pdfinfo', '-struct-text', file);
    const parts = [
      'Document',
      'Sect',
      'H1',
      TITLE.slice(0, 10),
      'WHEN',
      'WHERE',
      'HOLDER',
      'Figure',
      'Figure',
      'H2',
      'TERMS',
      'Doors open',
    ];
    let at = 0;
    for (const part of parts) {
      const next = structure.indexOf(part, at);
      expect([part, next >= 0]).toEqual([part, true]);
      at = next + part.length;
    }
    const described = (await readFile(file)).toString('latin1');
    expect(described).toContain('/Lang (en)');
    expect(await poppler('pdfinfo', '-meta', file)).toContain('<pdfuaid:part>1</pdfuaid:part>');
  });

  it('has every font in it', async () => {
    const table = (await poppler('pdffonts', await saved(`/tickets/${ticketIds[0]}/pdf`))).trim().split('\n').slice(2);
    expect(table.length).toBeGreaterThan(2);
    for (const row of table) expect(row).toMatch(/ yes yes yes +\d+ +0$/);
  });
});
