import { must, until } from './api.mjs';

const BUYER = 'buyer@demo.example';

/** The mail that brings this order's tickets, of all that the buyer has. @returns its subject and its source */
export async function mailWithTickets(mailbox, order) {
  const read = async (path) => (await fetch(`${mailbox}/messages${path}`)).json();
  const seen = new Set();
  const mail = await until(
    'the mail with the tickets',
    async () => {
      const { data } = await read(`?to=${encodeURIComponent(BUYER)}`);
      for (const { id } of data.filter((one) => !seen.has(one.id))) {
        const message = await read(`/${id}`);
        if (message.text?.includes(order.id)) return message;
        seen.add(id);
      }
      return undefined;
    },
    Boolean,
  );
  const index = mail.attachments.findIndex(({ mimeType }) => mimeType === 'application/pdf');
  must('the mail has the tickets attached as a PDF', index >= 0);
  const pdf = await bytesOf(`${mailbox}/messages/${mail.id}/attachments/${index}`);
  must('what is attached is a PDF', pdf.subarray(0, 5).toString('latin1') === '%PDF-');
  return { subject: mail.subject, source: await bytesOf(`${mailbox}/messages/${mail.id}/raw`) };
}

const bytesOf = async (url) => Buffer.from(await (await fetch(url)).arrayBuffer());
