import { memberInvited, orderConfirmed, orderRefundRequested, userErased } from '@app/contracts';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { eventually } from '../testing/eventually.js';
import { facts } from '../testing/facts.js';
import { NotificationService } from '../testing/running-service.js';
import { OnUserErased } from './on-user-erased.controller.js';

jest.setTimeout(40_000);

let service: NotificationService;
beforeAll(async () => (service = await NotificationService.start()));
afterAll(() => service.remove());

const tenant = uuidv7();
const { id: userId, email, name } = facts['order-confirmed'].buyer;
const nobody = `${userId}@erased.invalid`;
/** Texts that stand in any row, of those that name the person. */
const left = async () => {
  const rows = await service.db.asOwner<{ all: string }>(
    `select mails::text as all from mails union all select outbox::text from outbox union all select erased_people::text from erased_people`,
  );
  return [email, name].filter((text) => rows.some(({ all }) => all.includes(text)));
};

const there = (count: number, wanted: string) =>
  eventually(
    async () => (await service.rows()).filter(({ status }) => status === wanted).length === count,
    `${count} mails that are ${wanted}`,
  );

describe('a person whose account was erased', () => {
  it('takes what was written to the person, says so in one last mail, and keeps no address', async () => {
    await service.send(orderConfirmed, facts['order-confirmed'], tenant);
    await service.send(memberInvited, { ...facts['member-invited'], email }, tenant);
    await service.settled(2, 'sent');
    await service.send(userErased, { userId, email });
    const rows = await service.settled(3, 'sent');
    const mails = service.smtp.mails.map(({ parsed, recipients }) => `${recipients.join()}: ${parsed.subject}`);
    expect(mails.at(-1)).toBe(`${email}: Your account was erased`);
    expect(rows.map(({ recipient }) => recipient)).toEqual([nobody, nobody, nobody]);
    const confirmed = rows.find(({ kind }) => kind === 'order-confirmed');
    const { orderId, event } = facts['order-confirmed'];
    expect(confirmed?.facts).toEqual({ orderId, event: { id: event.id }, buyer: { id: userId } });
    await service.db.asOwner('delete from outbox');
    expect(await left()).toEqual([]);
  });

  it('is written to no more: writes to nobody any more', async () => {
    const before = service.smtp.mails.length;
    const buyer = { id: userId, name: 'Erased person', email: nobody };
    await service.send(orderRefundRequested, { ...facts['refund-requested'], buyer }, tenant);
    await there(1, 'dropped');
    const dropped = (await service.rows()).filter(({ status }) => status === 'dropped');
    expect(dropped).toMatchObject([{ kind: 'refund-requested' }]);
    expect(service.smtp.mails).toHaveLength(before);
  });

  it('goes again from what messages in another order bring back', async () => {
    await service.send(orderRefundRequested, facts['refund-requested'], tenant);
    await there(4, 'sent');
    expect(await left()).toEqual([email, name]);
    await service.running.app.get(OnUserErased).again();
    await service.db.asOwner('delete from outbox');
    expect(await left()).toEqual([]);
  });

  it('every column that can hold personal data is known', async () => {
    const columns = await service.db.asOwner<{ place: string }>(
      `select table_name || '.' || column_name as place from information_schema.columns
       where table_schema = 'public' and table_name <> 'schema_migrations' and (data_type in ('json', 'jsonb')
         or column_name ~ '(mail|name|address|network|agent|secret|holder|buyer|recipient|subject|error|user_id|_by$)')`,
    );
    expect(columns.map(({ place }) => place).sort()).toEqual(Object.keys(known));
  });
});

/** And what becomes of it, and where the export tells it. */
const known: Readonly<Record<string, readonly [whenErased: string, exportedAs: string]>> = {
  'announcements.facts': ['names nobody but the organizer’s contact, until it is done', 'no: of an event'],
  'announcements.last_error': ['names nobody', 'no: of an event'],
  'erased_people.user_id': ['an id that leads to nobody', 'of nobody'],
  'mails.facts': ['gone but for ids', '`mails.orderId`; the words may hold links that are secrets'],
  'mails.last_error': ['gone', '`mails.lastError`'],
  'mails.recipient': ['replaced by nobody’s address', '`mails.recipient`'],
  'outbox.data': ['gone when it is told, within milliseconds', 'no: on its way for milliseconds'],
};
