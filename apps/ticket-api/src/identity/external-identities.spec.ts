import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { passwordResetRequested, ResolvedPerson, userErased } from '@app/contracts';
import { v7 as uuid } from 'uuid';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { ErasureModule } from '../erasure/erasure.module.js';
import { BUYING } from '../erasure/testing/buying.js';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { addOrganization, addPerson } from '../testing/seed.js';
import { ForgetEnded } from './forget-ended/forget-ended.js';
import { IdentityModule } from './identity.module.js';

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

const said = (over: object = {}) => ({
  ...{ issuer: ISSUER, subjectClaim: 'sub', subject: uuid(), email: `${uuid()}@guest.example` },
  ...{ emailVerified: true, name: 'Grete', issuedAt: now() - 10, ...over },
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
    expect(person).toEqual({ userId: expect.any(String), email, name: 'Grete', emailVerified: true });
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
