import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountSecured, passwordResetRequested, ResolvedPerson, userErased } from '@app/contracts';
import type { ResolveExternalIdentity } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { ErasureModule } from '../erasure/erasure.module.js';
import { BUYING, Buying } from '../erasure/testing/buying.js';
import { meanwhile, type Statement } from '../testing/meanwhile.js';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { addOrganization, addPerson } from '../testing/seed.js';
import { untilWaiting } from '../testing/until-waiting.js';
import { ForgetEnded } from './forget-ended/forget-ended.js';
import { IdentityModule } from './identity.module.js';
import { PASSWORD as KNOWN, People } from './testing/people.js';

const PASSWORD = 'correct horse battery';
const ISSUER = 'https://login.example/realms/guests';
const now = () => Math.floor(Date.now() / 1000);
let api: TicketApi;
beforeAll(async () => {
  api = await openTicketApi(
    [AuthorizationModule, IdentityModule, ErasureModule],
    ['identity', 'eraseAccount', ...BUYING],
  );
});
afterAll(() => api?.close());

const said = (over: Partial<ResolveExternalIdentity> = {}): ResolveExternalIdentity & { email: string } => ({
  ...{ issuer: ISSUER, subjectClaim: 'sub', subject: uuid(), email: `${uuid()}@guest.example` },
  ...{ emailVerified: true, name: 'Grete', issuedAt: now() - 10 },
  ...(over as object),
});
const resolve = async (stated: object) => {
  const { status, body } = await api.postInternally('/internal/external-identities/resolve', stated, { bound: false });
  expect(status).toBe(200);
  return ResolvedPerson.parse(body).person;
};
const known = async (stated: object) => (await resolve(stated))!;
const asCaller = (person: NonNullable<ResolvedPerson['person']>) => ({ ...person, sessionId: uuid(), issuer: ISSUER });
const signUp = async (email: string) => {
  const body = { email, password: PASSWORD, name: 'Local' };
  const { status, body: user } = await api.call('POST', '/auth/signup', { body });
  expect(status).toBe(201);
  return user;
};
const signIn = (email: string, password = PASSWORD) =>
  api.call('POST', '/auth/token', { body: { grantType: 'password', email, password } });
const usersWith = (email: string) => api.db.asOwner('select id from users where email = $1', [email]);

describe('a person of another issuer', () => {
  it('has an account from the first request on, and the same one ever after', async () => {
    const stated = said();
    const { email } = stated;
    const person = await known(stated);
    expect(person).toEqual({
      ...{ userId: expect.any(String), email, name: 'Grete', emailVerified: true },
      externalId: stated.subject,
    });
    expect(await resolve(stated)).toEqual(person);
    const me = await api.call('GET', '/users/me', { as: asCaller(person) });
    expect(me).toMatchObject({
      status: 200,
      body: { id: person.userId, email, roles: ['buyer'], emailVerified: true },
    });
  });

  it('is one person however many first requests come at once', async () => {
    const stated = said();
    const people = await Promise.all(Array.from({ length: 8 }, () => known(stated)));
    expect(new Set(people.map(({ userId }) => userId)).size).toBe(1);
    expect(await usersWith(stated.email)).toHaveLength(1);
  });

  it('is another one at another issuer, and by another claim, with the same subject', async () => {
    const stated = said();
    const ids = [
      await known(stated),
      await known({ ...stated, issuer: 'https://other.example' }),
      await known({ ...stated, subjectClaim: 'custom:id' }),
    ].map(({ userId }) => userId);
    expect(new Set(ids).size).toBe(3);
  });

  it('never gets the account of ours that has the same e-mail, and keeps nobody from having one', async () => {
    const ours = await signUp(`${uuid()}@both.example`);
    const theirs = await known(said({ email: ours.email }));
    expect(theirs.userId).not.toBe(ours.id);
    expect((await signIn(ours.email)).status).toBe(200);
    const first = await known(said());
    const later = await signUp(first.email);
    expect(later.id).not.toBe(first.userId);
    expect((await signIn(first.email)).status).toBe(200);
  });

  it('cannot be entered by password, nor by a forgotten one', async () => {
    const { email, ...person } = await known(said());
    expect((await signIn(email, '')).status).toBeGreaterThanOrEqual(400);
    expect((await signIn(email)).status).toBe(401);
    const before = await api.told(passwordResetRequested.type);
    await api.call('POST', '/auth/forgot-password', { body: { email } });
    expect(await api.told(passwordResetRequested.type)).toEqual(before);
    const counted = () => api.db.asOwner('select subject, failures from sign_in_failures order by subject');
    const guesses = await counted();
    const body = { currentPassword: PASSWORD, newPassword: 'another good password' };
    const changed = await api.call('POST', '/users/me/password', { as: asCaller({ email, ...person }), body });
    expect(changed.status).toBeGreaterThanOrEqual(400);
    expect(await counted()).toEqual(guesses);
    expect((await signIn(email, 'another good password')).status).toBe(401);
  });

  it('follows the e-mail that the issuer tells later, never what an older token says', async () => {
    const stated = said({ emailVerified: false });
    expect((await known(stated)).emailVerified).toBe(false);
    const next = { ...stated, email: `${uuid()}@new.example`, emailVerified: true, issuedAt: now() - 5 };
    expect(await resolve(next)).toMatchObject({ email: next.email, emailVerified: true });
    expect(await resolve(stated)).toMatchObject({ email: next.email, emailVerified: true });
    const moved = { ...next, email: `${uuid()}@third.example`, emailVerified: false, issuedAt: now() };
    expect(await resolve(moved)).toMatchObject({ email: moved.email, emailVerified: false });
  });

  it('of whom no e-mail is told has nobody’s address until one is, and no proof of it', async () => {
    const { email, ...silent } = said({ issuedAt: now() - 20 });
    const person = await known(silent);
    expect(person).toMatchObject({ email: `${person.userId}@unknown.invalid`, emailVerified: false });
    expect(await resolve({ ...silent, email, issuedAt: now() })).toMatchObject({ userId: person.userId, email });
  });

  it('is nobody to any service but the gateway', async () => {
    const path = '/internal/external-identities/resolve';
    const answer = await api.postInternally(path, said(), { by: 'payment-service', bound: false });
    expect(answer.status).toBe(403);
  });
});

describe('when such an account is erased', () => {
  const erase = (person: NonNullable<ResolvedPerson['person']>) =>
    api.call('DELETE', '/users/me', { as: asCaller(person) });

  it('tokens from before do not bring it back; who signs in anew gets an empty account', async () => {
    const stated = said();
    const person = await known(stated);
    expect((await erase(person)).status).toBe(204);
    expect(await resolve(stated)).toBeNull();
    expect(await resolve({ ...stated, issuedAt: now() })).toBeNull();
    const rows = await api.db.asOwner('select issuer, subject from external_identities where user_id = $1', [
      person.userId,
    ]);
    expect(rows).toEqual([{ issuer: null, subject: null }]);
    const anew = await known({ ...stated, issuedAt: now() + 90 });
    expect(anew.userId).not.toBe(person.userId);
    expect(anew.email).toBe(stated.email);
  });

  it('the hash that led to it is forgotten after two days', async () => {
    const person = await known(said());
    await erase(person);
    const left = () => api.db.asOwner('select from external_identities where user_id = $1', [person.userId]);
    const forget = () => api.app.get(ForgetEnded, { strict: false }).forget();
    await forget();
    expect(await left()).toHaveLength(1);
    await api.db.asOwner(`update users set erased_at = now() - interval '49 hours' where id = $1`, [person.userId]);
    await forget();
    expect(await left()).toHaveLength(0);
  });

  it('an address that its issuer does not vouch for loses nothing: neither invitations nor guesses that were counted', async () => {
    const ours = await signUp(`${uuid()}@victim.example`);
    const owner = await addPerson(api.db, 'Olga');
    const tenantId = await addOrganization(api.db, { owner });
    await api.db.asOwner(
      `insert into invitations (id, tenant_id, email, role, invited_by, expires_at) values ($1, $2, $3, 'scanner', $4, now() + interval '1 day')`,
      [uuid(), tenantId, ours.email, owner.userId],
    );
    for (let guess = 0; guess < 3; guess++) await signIn(ours.email, 'wrong password');
    const counted = () => api.db.asOwner('select subject, failures from sign_in_failures order by subject');
    const before = await counted();
    expect(before.length).toBeGreaterThan(0);
    const person = await known(said({ email: ours.email, emailVerified: false }));
    expect((await erase(person)).status).toBe(204);
    expect(await counted()).toEqual(before);
    expect(await api.db.asOwner('select from invitations where email = $1', [ours.email])).toHaveLength(1);
    const told = await api.told<{ userId: string; email: string }>(userErased.type);
    expect(told.at(-1)).toEqual({ userId: person.userId, email: `${person.userId}@erased.invalid` });
  });
});

describe('who a person is elsewhere', () => {
  it('is told to the gateway, unless it reads as the id of another account', async () => {
    const other = await addPerson(api.db);
    expect((await known(said({ subject: 'Grete/Ümlaut%2F' }))).externalId).toBe('Grete/Ümlaut%2F');
    for (const subject of [other.userId, other.userId.toUpperCase()])
      expect(await known(said({ subject }))).not.toHaveProperty('externalId');
    const foretold = uuid();
    const stated = said({ subject: foretold });
    expect((await known(stated)).externalId).toBe(foretold);
    await api.db.asOwner(`insert into users (id, email, name) values ($1::uuid, $1::text || '@late.example', 'Late')`, [
      foretold,
    ]);
    expect(await known(stated)).not.toHaveProperty('externalId');
  });
});

describe('linking an identity', () => {
  type Account = Awaited<ReturnType<typeof account>>;

  /** An account of ours, with a proven e-mail. */
  async function account() {
    const people = new People(api);
    const { id, email } = await people.add(`${uuid()}@linked.example`);
    await api.db.asOwner('update users set email_verified_at = now() where id = $1', [id]);
    return { id, email, as: { ...(await people.signIn(email)).as, emailVerified: true } };
  }
  const link = async ({ id, as }: Account, stated: ResolveExternalIdentity, over: object = {}, headers?: object) =>
    api.call('POST', '/users/me/identities', {
      as,
      body: { token: 'looked at by the gateway', password: KNOWN, ...over },
      headers: { ...(headers ?? (await api.proven(id, stated))) },
    });
  const linked = async (mine: Account, stated = said({ email: mine.email })) => {
    const { status, body } = await link(mine, stated);
    expect(status).toBe(201);
    return { stated, id: body.id as string };
  };
  const unlink = ({ as }: Pick<Account, 'as'>, id: string, password = KNOWN) =>
    api.call('DELETE', `/users/me/identities/${id}`, { as, body: { password } });
  const list = async ({ as }: Pick<Account, 'as'>, query = '') =>
    (await api.call('GET', `/users/me/identities${query}`, { as })).body;
  const toldOf = async ({ id }: Account) =>
    (await api.told(accountSecured.type)).filter(({ userId }) => userId === id).map(({ change }) => change);
  const eventsOf = ({ id }: Account) =>
    api.securityEvents.flatMap(({ userId, event }) => (userId === id && /identity/.test(String(event)) ? [event] : []));
  const refused = async (answer: ReturnType<typeof link>) => {
    const { status, body } = await answer;
    return [status, body?.code];
  };

  it('makes its tokens lead to the account; it is listed, and the person is told', async () => {
    const mine = await account();
    const stated = said({ email: mine.email, name: 'Grete Elsewhere' });
    const { status, body } = await link(mine, stated);
    const { issuer, subject } = stated;
    const expected = { id: expect.any(String), issuer, subject, createdAt: expect.any(String) };
    expect([status, body]).toEqual([201, expected]);
    expect(await resolve(stated)).toMatchObject({
      userId: mine.id,
      email: mine.email,
      name: 'Ada',
      emailVerified: true,
    });
    expect(await list(mine)).toEqual({ data: [body], nextCursor: null });
    expect(await toldOf(mine)).toEqual(['identity-linked']);
  });

  it('leaves the account its own e-mail, whatever the issuer says later', async () => {
    const mine = await account();
    const { stated } = await linked(mine);
    const moved = { ...stated, email: `${uuid()}@moved.example`, emailVerified: false, issuedAt: now() };
    expect(await resolve(moved)).toMatchObject({ userId: mine.id, email: mine.email, emailVerified: true });
  });

  it('sent again is the same link, and tells nobody twice; several are pages of a list', async () => {
    const mine = await account();
    const { stated, id } = await linked(mine);
    expect((await linked(mine, stated)).id).toBe(id);
    expect(await toldOf(mine)).toEqual(['identity-linked']);
    expect(eventsOf(mine)).toEqual(['auth.identity-linked']);
    const { id: second } = await linked(mine);
    const page = await list(mine, '?limit=1');
    expect(page.data).toMatchObject([{ id: second }]);
    expect((await list(mine, `?limit=1&cursor=${page.nextCursor}`)).data).toMatchObject([{ id }]);
  });

  it('needs the password', async () => {
    const mine = await account();
    const stated = said({ email: mine.email });
    expect(await refused(link(mine, stated, { password: 'guessed' }))).toEqual([403, 'wrong-password']);
    expect(await refused(link(mine, stated, { password: undefined }))).toEqual([422, 'validation-failed']);
    expect((await known(stated)).userId).not.toBe(mine.id);
  });

  it('takes the word of the gateway alone, about this very person', async () => {
    const [mine, other] = [await account(), await account()];
    const stated = said({ email: mine.email });
    const words = [
      {},
      await api.proven(other.id, stated),
      await api.proven(mine.id, stated, 'payment-service'),
      { 'x-proven-identity': 'e30.e30.e30' },
    ];
    for (const word of words) expect(await refused(link(mine, stated, {}, word))).toEqual([409, 'invalid-token']);
    expect((await list(mine)).data).toEqual([]);
  });

  it('needs one e-mail, proven here and there', async () => {
    const mine = await account();
    const { email, ...silent } = said({ email: mine.email });
    const differs = [409, 'identity-email-differs'];
    expect(await refused(link(mine, { ...silent, email, emailVerified: false }))).toEqual(differs);
    expect(await refused(link(mine, silent))).toEqual(differs);
    expect(await refused(link(mine, said()))).toEqual(differs);
    await api.db.asOwner('update users set email_verified_at = null where id = $1', [mine.id]);
    expect(await refused(link(mine, { ...silent, email }))).toEqual([403, 'email-not-verified']);
    expect((await list(mine)).data).toEqual([]);
    await api.db.asOwner('update users set email_verified_at = now() where id = $1', [mine.id]);
    await linked(mine, { ...silent, email: email.toUpperCase() });
  });

  it('takes the place of an account that was only looked at, which ends', async () => {
    const mine = await account();
    const stated = said({ email: mine.email });
    const before = await known(stated);
    await api.db.asOwner(
      `insert into email_verifications (token_hash, user_id, email, expires_at) values ($1, $2, $3, now() + interval '1 day')`,
      [Buffer.from(before.userId), before.userId, before.email],
    );
    await linked(mine, stated);
    expect((await known(stated)).userId).toBe(mine.id);
    const left = await api.db.asOwner('select email, name, erased_at is not null as ended from users where id = $1', [
      before.userId,
    ]);
    expect(left).toEqual([{ email: `${before.userId}@erased.invalid`, name: 'Erased person', ended: true }]);
    expect(await api.db.asOwner('select from email_verifications where user_id = $1', [before.userId])).toEqual([]);
    expect(await api.told(userErased.type)).not.toContainEqual(expect.objectContaining({ userId: before.userId }));
  });

  it('is refused where the identity has an order, a ticket, a role or a deed of its own', async () => {
    const tenantId = await addOrganization(api.db, { owner: await addPerson(api.db) });
    const buying = await Buying.at(api, tenantId);
    const lives: ((person: ReturnType<typeof asCaller>) => Promise<unknown>)[] = [
      (person) => buying.order(person, 1),
      async (person) => {
        const order = await buying.order(await addPerson(api.db), 1);
        await buying.pay(order);
        await api.db.asOwner('update tickets set holder_id = $1 where order_id = $2', [person.userId, order]);
      },
      (person) =>
        api.db.asOwner(`insert into members (tenant_id, user_id, role) values ($1, $2, 'scanner')`, [
          ...[tenantId, person.userId],
        ]),
      (person) =>
        api.db.asOwner(
          `insert into audit_log_entries (id, tenant_id, action, actor_kind, actor_id, target_kind, target_id, detail)
           values ($1, $2, 'event.published', 'person', $3, 'event', $1, '{}')`,
          [uuid(), tenantId, person.userId],
        ),
    ];
    for (const live of lives) {
      const mine = await account();
      const stated = said({ email: mine.email });
      const before = await known(stated);
      await live(asCaller(before));
      expect(await refused(link(mine, stated))).toEqual([409, 'identity-taken']);
      expect(await known(stated)).toEqual(before);
      expect((await list(mine)).data).toEqual([]);
      expect(await toldOf(mine)).toEqual([]);
    }
  });

  /** What linking is answered that waits for the first of these statements, and for the others then. */
  const linkedAfter = async (
    [first, ...others]: readonly [Statement, ...Statement[]],
    mine: Account,
    stated: ResolveExternalIdentity,
  ) => {
    let answer: unknown;
    await meanwhile(api.db, [first], async (other) => {
      const linking = refused(link(mine, stated));
      await untilWaiting(api.db, 1);
      for (const [sql, parameters] of others) await other.query(sql, parameters);
      await other.query('commit');
      answer = await linking;
    });
    return answer;
  };

  it('waits for what is just being done with its account', async () => {
    const mine = await account();
    const stated = said({ email: mine.email });
    const { userId } = await known(stated);
    const tenantId = await addOrganization(api.db, { owner: await addPerson(api.db) });
    const joining = `insert into members (tenant_id, user_id, role) values ($1, $2, 'scanner')`;
    expect(await linkedAfter([[joining, [tenantId, userId]]], mine, stated)).toEqual([409, 'identity-taken']);
    expect((await known(stated)).userId).toBe(userId);
    const erased = said({ email: mine.email });
    const { userId: leaving } = await known(erased);
    const erasing: [Statement, Statement] = [
      ['update users set erased_at = now() where id = $1', [leaving]],
      ['update external_identities set issuer = null, subject = null where user_id = $1', [leaving]],
    ];
    expect(await linkedAfter(erasing, mine, erased)).toEqual([409, 'identity-taken']);
    expect((await list(mine)).data).toEqual([]);
  });

  it('is not done by a password that is just being changed', async () => {
    const mine = await account();
    const changing = 'update users set credentials_version = credentials_version + 1 where id = $1';
    const answer = await linkedAfter([[changing, [mine.id]]], mine, said({ email: mine.email }));
    expect(answer).toEqual([403, 'wrong-password']);
    expect((await list(mine)).data).toEqual([]);
  });

  it('leads to one account, also when two take it at once', async () => {
    const [one, two] = [await account(), await account()];
    const stated = said({ email: one.email });
    const answers = await Promise.all([link(one, stated), link(two, { ...stated, email: two.email })]);
    expect(answers.map(({ status, body }) => body.code ?? status).sort()).toEqual([201, 'identity-taken']);
    const winner = answers[0]?.status === 201 ? one : two;
    expect((await known(stated)).userId).toBe(winner.id);
    expect([...(await list(one)).data, ...(await list(two)).data]).toHaveLength(1);
  });

  it('and first requests with its token, at once, end in one account', async () => {
    for (let round = 0; round < 4; round++) {
      const mine = await account();
      const stated = said({ email: mine.email });
      const [answer] = await Promise.all([link(mine, stated), resolve(stated), resolve(stated)]);
      expect(answer.status).toBe(201);
      expect((await known(stated)).userId).toBe(mine.id);
    }
  });

  it('is for accounts with a password: another issuer’s person has one way in, and keeps it', async () => {
    const stated = said();
    const person = await known(stated);
    const theirs = { id: person.userId, email: stated.email, as: asCaller(person) };
    expect(await refused(link(theirs, said({ email: stated.email })))).toEqual([403, 'forbidden']);
    const [{ id }] = (await list(theirs)).data;
    expect(await refused(unlink(theirs, id))).toEqual([409, 'last-identity']);
    expect(await known(stated)).toEqual(person);
  });

  it('is undone with the password: tokens lead to another, empty account, and the person is told', async () => {
    const [mine, other] = [await account(), await account()];
    const { stated, id } = await linked(mine);
    expect(await refused(unlink(other, id))).toEqual([404, 'not-found']);
    expect(await refused(unlink(mine, id, 'guessed'))).toEqual([403, 'wrong-password']);
    expect((await known(stated)).userId).toBe(mine.id);
    expect((await unlink(mine, id)).status).toBe(204);
    expect((await list(mine)).data).toEqual([]);
    expect(await refused(unlink(mine, id))).toEqual([404, 'not-found']);
    expect(await toldOf(mine)).toEqual(['identity-linked', 'identity-unlinked']);
    expect(eventsOf(mine)).toEqual(['auth.identity-linked', 'auth.identity-unlinked']);
    const anew = await known(stated);
    expect(anew.userId).not.toBe(mine.id);
    expect(await linked(mine, stated)).toBeDefined();
  });

  it('ends with the account; a token from before an erasure links nothing', async () => {
    const [mine, next] = [await account(), await account()];
    const { stated } = await linked(mine);
    expect((await api.call('DELETE', '/users/me', { as: mine.as })).status).toBe(204);
    expect(await resolve(stated)).toBeNull();
    expect(await refused(link(mine, stated))).toEqual([401, 'unauthenticated']);
    const shown = { ...stated, email: next.email };
    expect(await refused(link(next, shown))).toEqual([409, 'invalid-token']);
    await linked(next, { ...shown, issuedAt: now() + 90 });
  });
});
