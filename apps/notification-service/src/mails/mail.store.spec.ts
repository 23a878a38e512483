import { PLATFORM_TENANT } from '@app/contracts';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { migrations } from '../migrations/index.js';
import { MailStore, type NewMail } from './mail.store.js';

jest.setTimeout(30_000);

const tenant = uuidv7();
let db: TestDatabase;
let store: MailStore;
beforeAll(async () => {
  db = await createTestDatabase(migrations, 'mail_store');
  store = new MailStore(db.database);
});
beforeEach(() => db.asOwner('delete from mails'));
afterAll(() => db.drop());

const newMail = (given: Partial<NewMail> = {}): NewMail => ({
  id: uuidv7(),
  messageId: uuidv7(),
  correlationId: 'request-1',
  kind: 'order-expired',
  recipient: 'zoe@example.com',
  facts: { token: 's3cret', name: 'Zoë' },
  bulk: false,
  ...given,
});
const add = async (mail: NewMail, tenantId = tenant) =>
  (await db.database.asTenant(tenantId, () => store.addAll([mail]))).includes(mail.id);
const nothing = () => Promise.resolve();
const row = async (id: string) =>
  (await db.asOwner<Record<string, unknown>>('select * from mails where id = $1', [id]))[0]!;

describe('recording a mail', () => {
  it('happens once per message, recipient and kind', async () => {
    const mail = newMail();
    expect(await add(mail)).toBe(true);
    expect(await add({ ...mail, id: uuidv7() })).toBe(false);
    expect(await add({ ...mail, id: uuidv7(), recipient: 'other@example.com' })).toBe(true);
    expect(await add({ ...mail, id: uuidv7(), kind: 'order-cancelled' })).toBe(true);
    expect(await add({ ...mail, id: uuidv7(), messageId: uuidv7() })).toBe(true);
  });

  it('is undone with the transaction that it is part of', async () => {
    const mail = newMail();
    const failing = db.database.asTenant(tenant, async () => {
      await store.addAll([mail]);
      throw new Error('the handler failed');
    });
    await expect(failing).rejects.toThrow('the handler failed');
    expect(await row(mail.id)).toBeUndefined();
  });
});

describe('claiming', () => {
  it('gives a mail to one of many that ask at once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => add(newMail())));
    const claims = (await Promise.all([1, 2, 3, 4].map(() => store.claim(5)))).flat();
    expect(claims).toHaveLength(10);
    expect(new Set(claims.map(({ id }) => id)).size).toBe(10);
  });

  it('hard case 26: takes the mails of a mass cancellation when no other is due, however long they have waited', async () => {
    const bulk = [newMail({ bulk: true }), newMail({ bulk: true })];
    for (const mail of bulk) await add(mail);
    await db.asOwner(`update mails set next_attempt_at = now() - interval '1 hour'`);
    const [first, later] = [newMail(), newMail()];
    for (const mail of [first, later]) await add(mail);
    await db.asOwner(`update mails set next_attempt_at = now() + interval '1 hour' where id = $1`, [later.id]);
    expect((await store.claim(2)).map(({ id }) => id)).toContain(first.id);
    expect((await store.claim(5)).map(({ id }) => id)).toHaveLength(1);
  });

  it('reaches across tenants, and reads each mail at the door of its own', async () => {
    const mail = newMail();
    await add(mail, PLATFORM_TENANT);
    const [claim] = await store.claim(5);
    expect(claim).toEqual({ id: mail.id, tenantId: PLATFORM_TENANT, attempts: 1 });
    expect(await store.read(claim!)).toMatchObject({
      kind: 'order-expired',
      recipient: 'zoe@example.com',
      refusals: 0,
    });
    expect(await store.read({ ...claim!, tenantId: tenant })).toBeUndefined();
  });
});

describe('the result of an attempt', () => {
  it('takes the secrets out of the facts when the mail was sent', async () => {
    const mail = newMail();
    await add(mail);
    const [claim] = await store.claim(1);
    let notes = 0;
    const noted = async () => void (notes += 1);
    await store.markSent(claim!, ['token'], noted);
    await store.markSent(claim!, ['token'], noted);
    expect(notes).toBe(1);
    expect(await row(mail.id)).toMatchObject({ status: 'sent', last_error: null });
    expect((await row(mail.id))['facts']).toEqual({ name: 'Zoë' });
    expect((await row(mail.id))['sent_at']).toBeInstanceOf(Date);
  });

  it('does not count when another sender has claimed the mail meanwhile, unless the mail was sent', async () => {
    const mail = newMail();
    await add(mail);
    const [first] = await store.claim(1);
    await db.asOwner('update mails set next_attempt_at = now()');
    const [second] = await store.claim(1);
    expect(second!.attempts).toBe(2);

    await store.putBack(first!, { refusals: 1, error: 'late', delaySeconds: 0 });
    const unexpected = () => Promise.reject(new Error('it was not marked'));
    await store.markFailed(first!, { refusals: 5, error: 'late', secrets: [] }, unexpected);
    expect(await row(mail.id)).toMatchObject({ status: 'queued', refusals: 0, last_error: null });

    await store.markSent(first!, [], nothing);
    await store.putBack(second!, { refusals: 1, error: 'late', delaySeconds: 0 });
    expect(await row(mail.id)).toMatchObject({ status: 'sent', refusals: 0, last_error: null });
  });
});

describe('a mail that was sent', () => {
  it('is neither read to be sent nor kept for a sender', async () => {
    const mail = newMail();
    await add(mail);
    const [claim] = await store.claim(1);
    await store.markSent(claim!, [], nothing);
    const sent = await row(mail.id);
    await store.renew([mail.id]);
    expect([await store.read(claim!), await row(mail.id)]).toEqual([undefined, sent]);
  });
});

describe('row-level security', () => {
  it('shows a tenant its own mails, and nobody any when no tenant is set', async () => {
    await add(newMail());
    const seenBy = (tenantId: string) =>
      db.database.asTenant(tenantId, (transaction) => transaction.query('select from mails'));
    expect(await seenBy(tenant)).toHaveLength(1);
    expect(await seenBy(uuidv7())).toEqual([]);
    expect(await db.database.lookUp('select from mails', [])).toEqual([]);
  });

  it('lets nobody write a mail of another tenant', async () => {
    const foreign = db.database.asTenant(tenant, (transaction) =>
      transaction.execute(
        `insert into mails (id, tenant_id, message_id, correlation_id, kind, recipient, facts)
         values ($1, $1, $1, '', '', '', '{}')`,
        [uuidv7()],
      ),
    );
    await expect(foreign).rejects.toThrow('row-level security');
  });

  it.each(['recipient', 'facts', 'last_error'])('keeps %s from the job that looks for due mails', async (column) => {
    const peeking = db.database.asJob((transaction) => transaction.query(`select ${column} from mails`));
    await expect(peeking).rejects.toThrow('permission denied');
  });

  it('lets nobody become the role that reads what concerns one person at every tenant', async () => {
    const become = `select set_config('role', current_database() || '_self', true)`;
    await expect(db.database.lookUp(become, [])).rejects.toThrow('permission denied');
    await expect(db.database.asJob((job) => job.query(become))).rejects.toThrow('permission denied');
  });
});
