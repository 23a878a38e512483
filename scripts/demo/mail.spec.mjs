import { afterEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mailWithTickets } from './mail.mjs';

const order = { id: '01a1fee2-ed6f-73c4-b974-e657afe97499' };
const pdf = { mimeType: 'application/pdf', bytes: '%PDF-1.7' };
let server;
afterEach(() => server.close());

/** A mailbox with these mails, newest first. @returns its address */
async function mailboxWith(...mails) {
  const list = mails.map(({ subject }, index) => ({ id: String(index), subject }));
  server = createServer((request, response) => {
    const [, , id, part, index] = request.url.split('?')[0].split('/');
    const mail = mails[Number(id)];
    if (id === undefined) response.end(JSON.stringify({ data: list }));
    else if (part === 'raw') response.end(`raw ${id}`);
    else if (part === 'attachments') response.end(mail.attachments[Number(index)].bytes);
    else response.end(JSON.stringify({ ...mail, id }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}`;
}

it("the mail of another order's tickets is not taken for this one's", async () => {
  const other = { subject: 'Your 2 tickets', text: 'Order number: another', attachments: [pdf] };
  const own = {
    subject: 'Here they are',
    text: `Order number: ${order.id}`,
    attachments: [{ ...pdf, bytes: '%PDF-' }],
  };
  const { subject, source } = await mailWithTickets(await mailboxWith(other, own), order);
  expect([subject, String(source)]).toEqual(['Here they are', 'raw 1']);
});

it('a mail without the PDF breaks the promise, and so does a PDF that is none', async () => {
  for (const attachments of [[], [{ mimeType: 'image/png', bytes: 'x' }], [{ ...pdf, bytes: 'oops' }]]) {
    const mailbox = await mailboxWith({ subject: 'Your tickets', text: `Order number: ${order.id}`, attachments });
    await expect(mailWithTickets(mailbox, order)).rejects.toThrow(/^Broken promise: .*PDF/);
    server.close();
  }
});
