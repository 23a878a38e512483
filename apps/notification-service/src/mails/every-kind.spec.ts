import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Email } from 'postal-mime';
import { v7 as uuidv7 } from 'uuid';
import { facts } from '../testing/facts.js';
import { NotificationService } from '../testing/running-service.js';
import { mailKinds, type MailKind } from './mail-kinds.js';

jest.setTimeout(60_000);

const kinds = Object.keys(mailKinds) as MailKind[];
const withFiles: Partial<Record<MailKind, string[]>> = {
  'order-confirmed': ['tickets.pdf', 'event.ics'],
  'event-changed': ['event.ics'],
  'ticket-received': ['tickets.pdf'],
};
const ids = new Map(kinds.map((kind) => [kind, uuidv7()]));
const addressOf = (kind: MailKind) => `${kind}@example.com`;

let service: NotificationService;
/** Both tries of each mail, as the server read them: it puts every mail off once. */
const tries = new Map<string, Email[]>();
beforeAll(async () => {
  service = await NotificationService.start();
  service.smtp.reply = ({ recipients: [recipient], parsed }) => {
    const seen = [...(tries.get(recipient!) ?? []), parsed];
    tries.set(recipient!, seen);
    return seen.length > 1 ? 'accept' : { code: 451, text: '4.7.1 later' };
  };
  for (const kind of kinds)
    await service.db.asOwner(
      `insert into mails (id, tenant_id, message_id, correlation_id, kind, recipient, facts) values ($1, $2, $1, 'c', $3, $4, $5)`,
      [ids.get(kind), uuidv7(), kind, addressOf(kind), facts[kind]],
    );
  await service.settled(kinds.length, 'sent');
});
afterAll(() => service?.remove());

describe.each(kinds)('the mail %s, as a mail server gets it', (kind) => {
  const header = (mail: Email, name: string) => mail.headers.find(({ key }) => key === name)?.value;

  it('is one mail, however often it is tried', () => {
    const [first, second, ...others] = tries.get(addressOf(kind))!;
    expect(others).toEqual([]);
    expect(first!.messageId).toBe(`<${ids.get(kind)}@tickets.example>`);
    expect(second!.messageId).toBe(first!.messageId);
    expect([second!.subject, second!.text]).toEqual([first!.subject, first!.text]);
  });

  it('is to one address, from the platform’s, in the name of the organizer if it is about an event', () => {
    const [mail] = tries.get(addressOf(kind))!;
    const isOfEvent = 'event' in facts[kind];
    expect(mail!.to).toEqual([{ name: '', address: addressOf(kind) }]);
    const name = isOfEvent ? 'Klub Wytwórnia via Tickets' : 'Tickets';
    expect(mail!.from).toEqual({ name, address: 'tickets@tickets.example' });
    expect((mail!.replyTo ?? []).map(({ address }) => address)).toEqual(isOfEvent ? ['hello@klub.example'] : []);
    expect(header(mail!, 'auto-submitted')).toBe('auto-generated');
  });

  it('has both forms, its files, and a way to end it only if nobody needs it', () => {
    const [mail] = tries.get(addressOf(kind))!;
    expect(mail!.subject).not.toBe('');
    expect(mail!.html).toContain('</html>');
    const heading = mail!.text!.split('\n')[0]!;
    expect(mail!.html).toContain(heading);
    expect(mail!.attachments.map(({ filename }) => filename)).toEqual(withFiles[kind] ?? []);
    expect(header(mail!, 'list-unsubscribe-post')).toBe(
      kind === 'event-reminder' ? 'List-Unsubscribe=One-Click' : undefined,
    );
  });
});
