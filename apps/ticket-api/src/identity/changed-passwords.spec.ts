import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { accountSecured, passwordResetRequested } from '@app/contracts';
import { meanwhile } from '../testing/meanwhile.js';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { untilWaiting } from '../testing/until-waiting.js';
import { ANSWER_AFTER } from './forgot-password/forgot-password.js';
import { IdentityModule } from './identity.module.js';
import { Passwords } from './passwords.js';
import { PASSWORD, People, type SignedIn } from './testing/people.js';

const NEXT = 'another horse, other battery';
let api: TicketApi;
let people: People;
beforeAll(async () => {
  api = await openTicketApi([IdentityModule], ['identity']);
  people = new People(api);
});
afterAll(() => api.close());

const change = ({ as }: SignedIn, currentPassword = PASSWORD, newPassword = NEXT) =>
  api.call('PUT', '/users/me/password', { as, body: { currentPassword, newPassword } });
const forgot = (email: string, network = '192.0.2.1') =>
  people.post('/auth/forgot-password', { email }, { 'x-forwarded-for': network });
const reset = (token: string, newPassword = NEXT, headers = {}) =>
  people.post('/auth/reset-password', { token, newPassword }, headers);
const tokensOf = async (id: string) =>
  (await api.told<{ userId: string; token: string }>(passwordResetRequested.type))
    .filter(({ userId }) => userId === id)
    .map(({ token }) => token);
const toldOf = async (id: string) =>
  (await api.told<{ userId: string; change: string }>(accountSecured.type))
    .filter(({ userId }) => userId === id)
    .map(({ change: what }) => what);

describe('changing my password', () => {
  it('ends my other sessions, keeps this one, and tells me by mail', async () => {
    const { id, email } = await people.add();
    const [here, there] = [await people.signIn(email), await people.signIn(email)];
    expect((await change(here)).status).toBe(204);
    expect(await people.goesOn(there)).toBe(false);
    expect(await people.revoked()).toContain(there.sessionId);
    expect(await people.goesOn(here)).toBe(true);
    expect((await people.grant(email)).status).toBe(401);
    expect((await people.grant(email, { password: NEXT })).status).toBe(200);
    expect(await toldOf(id)).toEqual(['password-changed']);
    expect(api.securityEvents).toContainEqual(
      expect.objectContaining({ event: 'auth.password-changed', userId: id, network: '127.0.0.1' }),
    );
  });

  it('needs the present one; guesses by a stolen session are slowed down, from wherever they come', async () => {
    const { email } = await people.add();
    const stolen = await people.signIn(email);
    const guess = (at: number) =>
      api.call('PUT', '/users/me/password', {
        as: stolen.as,
        body: { currentPassword: `guess ${at}`, newPassword: NEXT },
        headers: { 'x-forwarded-for': `198.51.100.${at}` },
      });
    const answers = await Promise.all(Array.from({ length: 14 }, (_, at) => guess(at)));
    expect(answers.find(({ status }) => status === 403)?.body.code).toBe('wrong-password');
    expect(answers.filter(({ status }) => status === 403).length).toBeLessThanOrEqual(12);
    expect(answers.some(({ status }) => status === 429)).toBe(true);
    expect(api.securityEvents).toContainEqual(
      expect.objectContaining({ event: 'auth.password-confirmation-failed', userId: stolen.as.userId }),
    );
    expect(api.securityEvents).toContainEqual(
      expect.objectContaining({ event: 'auth.slowed-down', limit: 'confirmation', userId: stolen.as.userId }),
    );
    // The person, who signs in, is not slowed by it.
    expect((await people.grant(email)).status).toBe(200);
  });

  it('refuses a weak one and one that is too short', async () => {
    const { email } = await people.add();
    const here = await people.signIn(email);
    for (const weak of ['qwertyqwerty', `${email} 1`, 'short']) {
      const { status, body } = await change(here, PASSWORD, weak);
      expect([status, body.errors[0].path]).toEqual([422, 'newPassword']);
    }
    const common = await people.post('/auth/signup', { email: 'x@example.org', password: 'qwertyqwerty', name: 'X' });
    expect([common.status, common.body.errors[0].path]).toEqual([422, 'password']);
  });

  it('is done once by two who know it', async () => {
    const { email } = await people.add();
    const [one, other] = [await people.signIn(email), await people.signIn(email)];
    const answers = await Promise.all([change(one), change(other, PASSWORD, `${NEXT} too`)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 403]);
  });

  it('makes open tokens of mails worthless', async () => {
    const { id, email } = await people.add();
    await forgot(email);
    const here = await people.signIn(email);
    await change(here);
    const [token] = await tokensOf(id);
    expect((await reset(token!)).body.code).toBe('invalid-token');
  });

  it('gives no session to whoever signs in with the old one at that moment', async () => {
    const { id, email } = await people.add();
    const changed = `update users set credentials_version = credentials_version + 1 where id = $1`;
    await meanwhile(api.db, [[changed, [id]]], async (other) => {
      const signingIn = people.grant(email);
      await untilWaiting(api.db, 1);
      await other.query('commit');
      expect((await signingIn).status).toBe(401);
    });
  });

  it('is not possible where there is none, and none fits, after the same work', async () => {
    const { id, email } = await people.add();
    const here = await people.signIn(email);
    await api.db.asOwner('alter table users alter password_hash drop not null');
    await api.db.asOwner('update users set password_hash = null where id = $1', [id]);
    const checks = jest.spyOn(Passwords.prototype, 'fits');
    expect((await change(here)).body.code).toBe('wrong-password');
    expect((await people.grant(email)).status).toBe(401);
    expect((await people.grant('nobody-at-all@example.org')).status).toBe(401);
    expect(checks.mock.calls.map(([, encoded]) => encoded)).toEqual([undefined, undefined, undefined]);
    checks.mockRestore();
    // A first one is set by mail.
    await forgot(email);
    expect((await reset((await tokensOf(id))[0]!)).status).toBe(204);
    expect(api.securityEvents.at(-1)).toMatchObject({ event: 'auth.password-reset', userId: id });
    expect((await people.grant(email, { password: NEXT })).status).toBe(200);
  });
});

describe('a forgotten password', () => {
  it('is answered alike and after the same time, whoever has the e-mail', async () => {
    const { id, email } = await people.add();
    const timed = async (address: string) => {
      const begun = performance.now();
      const { status, body } = await forgot(address);
      return { status, body, took: performance.now() - begun };
    };
    const [known, unknown] = [await timed(email), await timed('nobody@example.org')];
    expect([known.status, known.body]).toEqual([202, undefined]);
    expect([unknown.status, unknown.body]).toEqual([202, undefined]);
    for (const { took } of [known, unknown]) expect(took).toBeGreaterThanOrEqual(ANSWER_AFTER - 5);
    expect(await tokensOf(id)).toHaveLength(1);
  });

  it('is set anew by the mailed token: all sessions end, the e-mail is proven, and the person told', async () => {
    const { id, email } = await people.add();
    const session = await people.signIn(email);
    await Promise.all([forgot(email), forgot(email)]);
    const [token, other] = await tokensOf(id);
    expect((await reset(token!)).status).toBe(204);
    expect(await people.goesOn(session)).toBe(false);
    expect(await people.revoked()).toContain(session.sessionId);
    const { as } = await people.signIn(email, { password: NEXT });
    expect((await api.call('GET', '/users/me', { as })).body.emailVerified).toBe(true);
    expect(await toldOf(id)).toEqual(['password-reset']);
    for (const used of [token!, other!]) expect((await reset(used)).body.code).toBe('invalid-token');
  });

  it('is set by its token once, also at the same moment', async () => {
    const { id, email } = await people.add();
    await forgot(email);
    const [token] = await tokensOf(id);
    const answers = await Promise.all(['one', 'two', 'three'].map((word) => reset(token!, `${NEXT} ${word}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('invalid-token');
  });

  it('a token ends after an hour, is good for its e-mail alone, and kept as a hash', async () => {
    const { id, email } = await people.add();
    await Promise.all([forgot(email), forgot(email)]);
    const [late, moved] = await tokensOf(id);
    const kept = await api.db.asOwner<{ token_hash: Buffer; minutes: number }>(
      `select token_hash, round(extract(epoch from expires_at - now()) / 60)::int as minutes from password_resets where user_id = $1`,
      [id],
    );
    expect(kept.map(({ minutes }) => minutes)).toEqual([60, 60]);
    expect(kept.map(({ token_hash: hash }) => hash.toString('base64url'))).not.toContain(late);
    await api.db.asOwner(`update users set email = 'moved@example.org' where id = $1`, [id]);
    expect((await reset(moved!)).status).toBe(409);
    await api.db.asOwner('update users set email = $2 where id = $1', [id, email]);
    await api.db.asOwner('update password_resets set expires_at = now() where user_id = $1', [id]);
    expect((await reset(late!)).body.code).toBe('invalid-token');
    expect((await reset('made up')).body.code).toBe('invalid-token');
  });

  it('a weak new one is refused and leaves the token as it was', async () => {
    const { id, email } = await people.add();
    await forgot(email);
    const [token] = await tokensOf(id);
    expect((await reset(token!, 'qwertyqwerty')).status).toBe(422);
    expect((await reset(token!)).status).toBe(204);
  });

  it('brings at most five mails an hour, however they are asked for', async () => {
    const { id, email } = await people.add();
    const answers = await Promise.all(Array.from({ length: 8 }, () => forgot(email, '192.0.2.8')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await tokensOf(id)).toHaveLength(5);
  });

  it('an address that asks for many mails has to wait, whoever they are for', async () => {
    const network = '192.0.2.99';
    await forgot('first@example.org', network);
    await api.db.asOwner(
      `update sign_in_failures set failures = 40 where account is null and last_at = (select max(last_at) from sign_in_failures where account is null)`,
    );
    const refused = await forgot('second@example.org', network);
    expect([refused.status, refused.body.code]).toEqual([429, 'too-many-requests']);
    expect((await forgot('second@example.org', '192.0.2.98')).status).toBe(202);
  });
});

describe('guesses at one account by a crowd of addresses', () => {
  const guess = (email: string, network: string) =>
    people.grant(email, { password: 'wrong' }, { 'x-forwarded-for': network });
  const many = (email: string) =>
    api.db.asOwner(
      `update sign_in_failures set failures = 150 where account = sha256(convert_to($1, 'utf8')) and subject = sha256(convert_to('elsewhere' || chr(10) || $1, 'utf8'))`,
      [email],
    );
  const home = { 'x-forwarded-for': '203.0.113.200' };

  it('are slowed down together; where the person has signed in before nobody waits', async () => {
    const { email } = await people.add();
    await people.signIn(email, {}, home);
    expect((await guess(email, '198.51.100.1')).status).toBe(401);
    await many(email);
    const refused = await guess(email, '198.51.100.2');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect((await people.grant(email, {}, home)).status).toBe(200);
  });

  it('are slowed down alike when there is no such account', async () => {
    const email = 'nobody-there@example.org';
    expect((await guess(email, '198.51.100.3')).status).toBe(401);
    await many(email);
    expect((await guess(email, '198.51.100.4')).status).toBe(429);
  });

  it('a new password by mail makes good, and its network is known from then on', async () => {
    const { id, email } = await people.add();
    await guess(email, '198.51.100.5');
    await many(email);
    await forgot(email);
    expect((await reset((await tokensOf(id))[0]!, NEXT, { 'x-forwarded-for': '198.51.100.6' })).status).toBe(204);
    expect((await guess(email, '198.51.100.7')).status).toBe(401);
    await many(email);
    expect((await guess(email, '198.51.100.7')).status).toBe(429);
    expect((await people.grant(email, { password: NEXT }, { 'x-forwarded-for': '198.51.100.6' })).status).toBe(200);
  });

  it('signing in from a new place takes back its own attempt and no other', async () => {
    const { email } = await people.add();
    for (const at of [11, 12, 13]) await guess(email, `198.51.100.${at}`);
    await people.signIn(email, {}, { 'x-forwarded-for': '198.51.100.14' });
    const [{ failures }] = (await api.db.asOwner(
      `select failures from sign_in_failures where subject = sha256(convert_to('elsewhere' || chr(10) || $1, 'utf8'))`,
      [email],
    )) as [{ failures: number }];
    expect(failures).toBe(3);
  });
});
