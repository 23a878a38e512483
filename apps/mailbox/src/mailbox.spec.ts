import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@app/observability';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { readConfig } from './config.js';
import { openMailbox, type Mailbox } from './mailbox.js';
import { messageId } from './messages/message-file.js';

let folder: string;
let mailbox: Mailbox;

const open = (logger?: ReturnType<typeof createLogger>) =>
  openMailbox(readConfig({ DATA_DIR: folder, PORT: '0', SMTP_PORT: '0', LOG_LEVEL: 'error' }), logger);
const files = () => readdirSync(join(folder, 'mail'));

async function send(mail: SendMailOptions): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: mailbox.smtpPort, ignoreTLS: true });
  await transport.sendMail({
    from: 'Tickets <tickets@localhost>',
    subject: 'Your tickets',
    text: 'Here they are.',
    ...mail,
  });
  transport.close();
}

interface Listed {
  data: { id: string; to: string; from: string; subject: string; file: string }[];
}
const get = (path: string) => fetch(mailbox.url + path);
const list = async (query = '') => ((await (await get(`/messages${query}`)).json()) as Listed).data;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailbox-'));
  mailbox = await open();
});

afterEach(async () => {
  await mailbox.close();
  rmSync(folder, { recursive: true });
});

describe('the mailbox', () => {
  it('has a mail on the disk, as a readable file, once the sender hears that it was taken', async () => {
    await send({ to: 'buyer@demo.example', subject: 'Zażółć gęślą jaźń' });
    expect(files()).toEqual([expect.stringMatching(/^\d{8}T\d{9}Z-buyer@demo\.example-[0-9a-f]{16}\.eml$/)]);
    expect(readFileSync(join(folder, 'mail', files()[0] ?? ''), 'utf8')).toContain('Delivered-To: buyer@demo.example');
    expect(await list()).toMatchObject([
      { to: 'buyer@demo.example', from: 'Tickets <tickets@localhost>', subject: 'Zażółć gęślą jaźń' },
    ]);
  });

  it('keeps one mail for each recipient, and one only however often it is delivered', async () => {
    const mail = { to: ['a@demo.example', 'b@demo.example'], messageId: '<order-1@tickets>' };
    await Promise.all([send(mail), send(mail), send({ ...mail, to: 'A@demo.example' })]);
    await send(mail);
    expect((await list()).map(({ to }) => to.toLowerCase()).sort()).toEqual(['a@demo.example', 'b@demo.example']);
    await send({ ...mail, messageId: '<order-2@tickets>' });
    expect(files()).toHaveLength(4);
  });

  it('tells in its log that a mail came, and nothing of whom it is for', async () => {
    const lines: string[] = [];
    await mailbox.close();
    mailbox = await open(createLogger('mailbox', 'trace', { write: (line) => void lines.push(line) }));
    await send({ to: ['Ada <ada@demo.example>', 'bob@demo.example'], subject: 'For Ada' });
    expect(lines.join('')).toContain('a mail for 2 recipients');
    expect(lines.join('')).not.toMatch(/demo\.example|\bada\b|\bbob\b/i);
  });

  it('lists newest first, and by recipient', async () => {
    await send({ to: 'a@demo.example', subject: 'first' });
    await send({ to: 'b@demo.example', subject: 'second' });
    await send({ to: 'a@demo.example', subject: 'third' });
    expect((await list()).map(({ subject }) => subject)).toEqual(['third', 'second', 'first']);
    expect((await list('?to=A@demo.example')).map(({ subject }) => subject)).toEqual(['third', 'first']);
    expect(await list('?to=nobody@demo.example')).toEqual([]);
  });

  it('still has everything after a restart', async () => {
    await send({ to: 'buyer@demo.example', messageId: '<kept@tickets>' });
    await mailbox.close();
    mailbox = await open();
    await send({ to: 'buyer@demo.example', messageId: '<kept@tickets>' });
    expect(await list()).toHaveLength(1);
  });

  it('gives text, page and attachments of one mail', async () => {
    const pdf = Buffer.from('%PDF-1.7 not really');
    await send({
      to: 'buyer@demo.example',
      html: '<p>Hello</p>',
      attachments: [{ filename: 'bilet ł.pdf', content: pdf }],
    });
    const [{ id } = { id: '' }] = await list();
    const message = (await (await get(`/messages/${id}`)).json()) as {
      text: string;
      html: string;
      attachments: { filename: string; path: string }[];
    };
    expect(message).toMatchObject({
      text: 'Here they are.\n',
      html: expect.stringContaining('<p>Hello</p>'),
      attachments: [{ filename: 'bilet ł.pdf', mimeType: 'application/pdf', size: pdf.length }],
    });
    const attachment = await get(message.attachments[0]?.path ?? '');
    expect(Buffer.from(await attachment.arrayBuffer())).toEqual(pdf);
    expect(attachment.headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''bilet%20%C5%82.pdf`);
    expect((await (await get(`/messages/${id}/raw`)).text()).startsWith('Delivered-To:')).toBe(true);
    expect((await get('/messages/0000000000000000')).status).toBe(404);
  });

  it('lets a mail neither run a script nor break out of the page', async () => {
    const attack = '<script>alert(1)</script>"\'><img src=x onerror=alert(2)>';
    await send({ to: 'buyer@demo.example', subject: attack, text: attack, html: attack });
    const [{ id } = { id: '' }] = await list();
    for (const path of ['/', `/mails/${id}`]) {
      const answer = await get(path);
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      const shown = await answer.text();
      expect(shown).toContain('&lt;script&gt;alert(1)');
      expect(shown).not.toContain('<script');
      expect(shown).not.toContain('<img');
    }
    const body = await get(`/mails/${id}/body`);
    expect(body.headers.get('content-security-policy')).toMatch(/^sandbox (?!.*allow-scripts)/);
  });

  it('shows pictures that the mail carries', async () => {
    const content = Buffer.from('89504e470d0a1a0a', 'hex');
    await send({
      to: 'buyer@demo.example',
      html: '<img src="cid:code@tickets">',
      attachments: [{ filename: 'qr.png', content, cid: 'code@tickets' }],
    });
    const [{ id } = { id: '' }] = await list();
    expect(await (await get(`/mails/${id}/body`)).text()).toContain(
      `src="data:image/png;base64,${content.toString('base64')}"`,
    );
  });

  it('refuses a request that calls this machine by a name of its own', async () => {
    const { hostname, port } = new URL(mailbox.url);
    const status = await new Promise((resolve) => {
      request({ hostname, port, headers: { host: 'evil.example' } }, (answer) =>
        resolve(answer.resume().statusCode),
      ).end();
    });
    expect(status).toBe(421);
  });

  it('refuses a mail that is too large, and takes the next one', async () => {
    await expect(send({ to: 'a@demo.example', text: 'x'.repeat(26 * 1024 * 1024) })).rejects.toThrow(/552|size/i);
    await send({ to: 'a@demo.example' });
    expect(files()).toHaveLength(1);
  });

  it('asks the sender to come again while its disk is full, leaves nothing half, and says so once in its log', async () => {
    const lines: string[] = [];
    await mailbox.close();
    mailbox = await open(createLogger('mailbox', 'warn', { write: (line) => void lines.push(line) }));
    const mail = { to: 'a@demo.example', messageId: '<order-1@tickets>' };
    // Linux's /dev/full fails with ENOSPC as a full disk does.
    const fill = () =>
      symlinkSync('/dev/full', join(folder, 'mail', `.${messageId(mail.messageId, 'a@demo.example')}.tmp`));
    mkdirSync(join(folder, 'mail'));
    for (let times = 0; times < 2; times += 1) {
      fill();
      await expect(send(mail)).rejects.toMatchObject({
        responseCode: 452,
        response: expect.not.stringContaining(folder),
      });
      expect(files()).toEqual([]);
    }
    expect(lines.filter((line) => line.includes('ENOSPC'))).toHaveLength(1);
    await send(mail);
    expect(await list()).toHaveLength(1);
  });

  it('does not start in production, where it would swallow mails', () => {
    expect(() => readConfig({ NODE_ENV: 'production' })).toThrow(/SMTP_URL/);
  });

  it('says that a port is taken instead of starting half', async () => {
    const port = new URL(mailbox.url).port;
    await expect(
      openMailbox(readConfig({ DATA_DIR: folder, PORT: port, SMTP_PORT: '0', LOG_LEVEL: 'silent' })),
    ).rejects.toThrow(/EADDRINUSE/);
    await expect(
      openMailbox(
        readConfig({ DATA_DIR: folder, PORT: '0', SMTP_PORT: String(mailbox.smtpPort), LOG_LEVEL: 'silent' }),
      ),
    ).rejects.toThrow(/EADDRINUSE/);
  });
});
