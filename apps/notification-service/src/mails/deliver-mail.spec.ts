import { emailVerificationRequested, orderConfirmed, orderExpired, ticketTransferred } from '@app/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../testing/eventually.js';
import { facts } from '../testing/facts.js';
import type { CaughtMail } from '../testing/mail-catcher.js';
import { NotificationService } from '../testing/running-service.js';
import { CALENDAR } from '../testing/ticket-source.js';

jest.setTimeout(40_000);

let service: NotificationService;
beforeAll(async () => (service = await NotificationService.start()));
beforeEach(() => service.reset());
afterAll(() => service.remove());

const order = facts['order-confirmed'];
const verification = facts['email-verification'];

describe('the mail with the tickets', () => {
  it('carries the PDF byte by byte, a summary in both forms, and headers that say what it is', async () => {
    await service.send(orderConfirmed, order);
    const [row] = await service.settled(1, 'sent');
    const [{ parsed, raw, recipients }] = (await service.smtp.caught(1)) as [CaughtMail];

    expect(recipients).toEqual(['zoe@example.com']);
    expect(parsed.from).toEqual({ name: 'Klub Wytwórnia via Tickets', address: 'tickets@tickets.example' });
    expect(parsed.replyTo).toEqual([{ name: '', address: 'hello@klub.example' }]);
    expect(parsed.subject).toBe('Your 3 tickets for Nacht der Töne');
    expect(parsed.messageId).toBe(`<${row!.id}@tickets.example>`);
    expect(parsed.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
    expect(parsed.text).toContain('Saturday 12 December 2026, 20:00 – 23:30 (CET)');
    expect(parsed.text).toContain(`Order number: ${order.orderId}`);
    expect(parsed.html).toContain('Große Halle, Am Ufer 12, Berlin');
    const [attachment, calendar, ...others] = parsed.attachments;
    expect(attachment).toMatchObject({ filename: 'tickets.pdf', mimeType: 'application/pdf' });
    expect(Buffer.from(attachment!.content as ArrayBuffer).equals(service.tickets.pdf)).toBe(true);
    expect(calendar).toMatchObject({ filename: 'event.ics', mimeType: 'text/calendar', method: 'PUBLISH' });
    // Its parser here changes line ends of texts: byte by byte it is on the wire.
    expect(raw.replaceAll('\r\n', '')).toContain(Buffer.from(CALENDAR).toString('base64'));
    expect(others).toEqual([]);
    expect(service.tickets.calls).toEqual(
      ['tickets.pdf', 'calendar.ics'].map((file) => ({
        ...{ path: `/internal/orders/${order.orderId}/${file}`, caller: 'notification-service' },
      })),
    );
  });

  it('carries to a new holder that one ticket, and keeps neither name afterwards', async () => {
    const { ticketId, to } = facts['ticket-received'];
    await service.send(ticketTransferred, facts['ticket-received']);
    const rows = await service.settled(2, 'sent');
    const files = service.smtp.mails.map(({ recipients, parsed }) => [recipients[0], parsed.attachments.length]);
    expect(files.sort()).toEqual([
      ['mia@example.com', 1],
      ['zoe@example.com', 0],
    ]);
    expect(service.tickets.calls).toEqual([
      { path: `/internal/tickets/${ticketId}/ticket.pdf?holderId=${to.id}`, caller: 'notification-service' },
    ]);
    expect(JSON.stringify(rows.map((row) => row.facts))).not.toMatch(/mia|zoe|zoë/i);
  });

  it('says to a new holder that the ticket is gone when it was handed on meanwhile', async () => {
    service.tickets.status = 404;
    await service.send(ticketTransferred, facts['ticket-received']);
    await service.settled(2, 'sent');
    const mail = service.smtp.mails.find(({ recipients }) => recipients[0] === 'mia@example.com');
    expect(mail?.parsed.text).toContain('Meanwhile it was handed on or given back');
  });

  it('does not leave without them while ticket-api fails', async () => {
    service.tickets.status = 503;
    await service.send(orderConfirmed, order);
    await eventually(async () => Boolean((await service.rows())[0]?.last_error), 'a failed attempt');
    expect((await service.rows())[0]).toMatchObject({
      status: 'queued',
      last_error: 'ticket-api answered 503 when asked for tickets',
    });
    expect(service.smtp.mails).toEqual([]);

    service.tickets.status = undefined;
    await service.settled(1, 'sent');
    expect(service.smtp.mails[0]!.parsed.attachments).toHaveLength(2);
  });

  it('leaves without the calendar file when that alone fails three times', async () => {
    service.tickets.calendarStatus = 503;
    await service.send(orderConfirmed, order);
    const [row] = await service.settled(1, 'sent');
    expect(row!.attempts).toBe(3);
    const [{ parsed }] = service.smtp.mails as [CaughtMail];
    expect(parsed.attachments.map(({ filename }) => filename)).toEqual(['tickets.pdf']);
    expect(parsed.text).not.toContain('event.ics');
  });

  it('leaves at once without a calendar file that there is none of', async () => {
    service.tickets.calendarStatus = 404;
    await service.send(orderConfirmed, order);
    const [row] = await service.settled(1, 'sent');
    expect(row!.attempts).toBe(1);
    expect(service.smtp.mails[0]!.parsed.attachments).toHaveLength(1);
  });

  it('says so when no ticket of the order is valid any more', async () => {
    service.tickets.status = 404;
    await service.send(orderConfirmed, order);
    await service.settled(1, 'sent');
    expect(service.smtp.mails[0]!.parsed.attachments).toEqual([]);
    expect(service.smtp.mails[0]!.parsed.text).toContain('none of its tickets is valid any more');
  });

  it('does not leave without them when something else than ticket-api says 404', async () => {
    service.tickets.status = 404;
    service.tickets.contentType = 'text/html';
    await service.send(orderConfirmed, order);
    await eventually(async () => Boolean((await service.rows())[0]?.last_error), 'a failed attempt');
    expect(service.smtp.mails).toEqual([]);
    service.tickets.reset();
    await service.settled(1, 'sent');
  });

  it('goes to one address, with one subject, whatever stands in the names', async () => {
    const evil = 'Ada"\r\nBcc: all@example.com\r\n\r\nHello';
    await service.send(orderConfirmed, {
      ...order,
      buyer: { ...order.buyer, name: evil },
      event: { ...order.event, title: `${evil} 東京` },
    });
    await service.settled(1, 'sent');
    const [{ parsed, recipients }] = service.smtp.mails as [CaughtMail];
    expect(recipients).toEqual(['zoe@example.com']);
    expect(parsed.bcc ?? []).toEqual([]);
    expect(parsed.to).toHaveLength(1);
    expect(parsed.subject).toBe('Your 3 tickets for Ada" Bcc: all@example.com Hello 東京');
  });
});

describe('the sender that a mail shows', () => {
  const from = (name: string, replyTo: string | null) =>
    service.send(orderConfirmed, { ...order, event: { ...order.event, organizer: { name, replyTo } } });
  const caught = async () => {
    await service.settled(1, 'sent');
    return service.smtp.mails[0] as CaughtMail;
  };

  it('is never another address than the platform’s, whatever an organization calls itself', async () => {
    await from('Sparkasse <service@bank.example>"\r\nBcc: all@example.com', null);
    const { parsed, raw, recipients } = await caught();
    expect(parsed.from?.address).toBe('tickets@tickets.example');
    expect(parsed.from?.name).toMatch(/ via Tickets$/);
    expect(parsed.from?.name).not.toMatch(/[@<>"]/);
    expect(raw).not.toMatch(/^Bcc:/im);
    expect(recipients).toEqual(['zoe@example.com']);
    expect(parsed.replyTo ?? []).toEqual([]);
  });

  it('takes answers at one address only', async () => {
    await from('Klub', 'a@klub.example, b@evil.example\r\nX-Evil: 1');
    const { parsed, raw } = await caught();
    expect(parsed.replyTo ?? []).toHaveLength(1);
    expect(raw).not.toMatch(/^X-Evil:/im);
  });

  it('is the platform itself where no organization is concerned', async () => {
    await service.send(emailVerificationRequested, verification);
    expect((await caught()).parsed.from).toEqual({ name: 'Tickets', address: 'tickets@tickets.example' });
  });

  it('leaves no address for answers behind', async () => {
    await from('Klub', 'hello@klub.example');
    const [row] = await service.settled(1, 'sent');
    expect(row!.facts).toMatchObject({ event: { organizer: { name: 'Klub' } } });
    expect(JSON.stringify(row!.facts)).not.toContain('hello@klub.example');
  });
});

describe('an address that is several', () => {
  it('is offered to the server as one, which it refuses', async () => {
    const buyer = { ...order.buyer, email: 'zoe@example.com, all@example.com' };
    await service.send(orderExpired, { ...facts['order-expired'], buyer });
    await eventually(async () => (await service.rows())[0]?.refusals === 1, 'a refusal');
    expect(service.smtp.mails).toEqual([]);
  });
});

describe('the mail with a secret', () => {
  it('shows the token on a line of its own, also to those who read the raw mail', async () => {
    await service.send(emailVerificationRequested, verification);
    await service.settled(1, 'sent');
    const { raw, parsed } = service.smtp.mails[0]!;
    expect(raw.split('\r\n')).toContain(verification.token);
    expect(parsed.html).toContain(verification.token);
    expect(parsed.html).toContain('https://tickets.example/docs#/identity/verifyEmail');
  });

  it('leaves nothing of it behind, neither in the row nor in any log', async () => {
    // A spam filter that quotes what it refuses.
    service.smtp.reply = () => ({ code: 451, text: `4.7.1 looks odd: ${verification.token}` });
    await service.send(emailVerificationRequested, verification);
    await eventually(async () => Boolean((await service.rows())[0]?.last_error), 'a failed attempt');
    expect((await service.rows())[0]!.last_error).toBe('EMESSAGE 451 4.7.1');

    service.smtp.reply = () => 'accept';
    const [row] = await service.settled(1, 'sent');
    expect(row!.facts).toEqual({ ...verification, token: undefined });
    expect(service.logLines.join('')).toContain(row!.id);
    expect(service.logLines.join('')).not.toContain(verification.token);
  });

  it('forgets it also when it is given up', async () => {
    service.smtp.refuseRecipient = () => ({ code: 550, text: '5.1.1 no such user' });
    await service.send(emailVerificationRequested, verification);
    await service.refusedFiveTimes(verification.email);
    expect((await service.rows())[0]!.facts).not.toHaveProperty('token');
  });
});
