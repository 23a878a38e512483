import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { accountSecured, passwordResetRequested } from '@app/contracts';
import { Secret, TOTP } from 'otpauth';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { IdentityModule } from './identity.module.js';
import { Passwords } from './passwords.js';
import { PASSWORD, People, type SignedIn } from './testing/people.js';

let api: TicketApi;
let people: People;
beforeAll(async () => {
  api = await openTicketApi([IdentityModule], ['identity']);
  people = new People(api);
});
afterAll(() => api.close());

const call = ({ as }: SignedIn, method: string, path: string, body: unknown, headers = {}) =>
  api.call(method, `/users/me/second-factor${path}`, { as, body, headers });
const begin = async (session: SignedIn) => (await call(session, 'POST', '', { password: PASSWORD })).body;
/** Of an authenticator; `steps` later, which counts too. */
const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });
/** The step of the last accepted code is made to lie back, as if time had passed. */
const later = (id: string) => api.db.asOwner('update second_factors set last_step = 0 where user_id = $1', [id]);
const toldOf = async (id: string) =>
  (await api.told<{ userId: string; change: string }>(accountSecured.type))
    .filter(({ userId }) => userId === id)
    .map(({ change }) => change);

const eventsOf = (id: string) => api.securityEvents.filter(({ userId }) => userId === id).map(({ event }) => event);

/** Lets the next password be found right, and the work go on only after this. */
function onceJudged(then: () => Promise<unknown>): void {
  const judge = jest.spyOn(Passwords.prototype, 'fits');
  judge.mockImplementationOnce(async function (this: Passwords, ...given) {
    judge.mockRestore();
    const fits = await this.fits(...given);
    await then();
    return fits;
  });
}

/** Somebody whose e-mail is proven. */
async function add() {
  const person = await people.add();
  await api.db.asOwner('update users set email_verified_at = now() where id = $1', [person.id]);
  return person;
}

/** An account with a second factor, and the session that added it. */
async function guarded() {
  const person = await add();
  const session = await people.signIn(person.email);
  const { secret } = await begin(session);
  const confirmed = await call(session, 'POST', '/confirm', { code: codeOf(secret) });
  await later(person.id);
  return { ...person, session, secret, recoveryCodes: confirmed.body.recoveryCodes as string[] };
}

describe('adding a second factor', () => {
  it('is asked for at sign-in from its first code on; other sessions end, the person is told', async () => {
    const { id, email } = await add();
    const [session, other] = [await people.signIn(email), await people.signIn(email)];
    const replaced = await begin(session);
    const { secret, uri } = await begin(session);
    expect(uri).toContain(`secret=${secret}`);
    expect((await people.grant(email)).status).toBe(200);

    const wrong = await call(session, 'POST', '/confirm', { code: codeOf(replaced.secret) });
    expect([wrong.status, wrong.body.code]).toEqual([403, 'wrong-code']);
    const confirmed = await call(session, 'POST', '/confirm', { code: codeOf(secret) });
    expect(confirmed.status).toBe(200);
    expect(confirmed.headers.get('cache-control')).toBe('no-store');
    expect(confirmed.body.recoveryCodes).toHaveLength(10);
    expect(await people.goesOn(other)).toBe(false);
    expect(await people.goesOn(session)).toBe(true);
    expect(await toldOf(id)).toEqual(['second-factor-added']);
    expect(eventsOf(id)).toContain('auth.second-factor-added');
    expect((await api.call('GET', '/users/me', { as: session.as })).body.secondFactor).toBe(true);

    const without = await people.grant(email);
    expect([without.status, without.body.code]).toEqual([401, 'second-factor-required']);
    expect((await people.grant(email, { password: 'wrong' })).body.code).toBe('invalid-credentials');
    expect((await people.grant(email, { password: 'wrong', code: codeOf(secret, 1) })).body.code).toBe(
      'invalid-credentials',
    );
    expect((await people.grant(email, { code: codeOf(secret, 1) })).status).toBe(200);
  });

  it('gives no session to whoever signs in without it at that moment', async () => {
    const { id, email } = await add();
    const session = await people.signIn(email);
    const { secret } = await begin(session);
    onceJudged(() => call(session, 'POST', '/confirm', { code: codeOf(secret) }));
    const { status, body } = await people.grant(email);
    expect([status, body.code]).toEqual([401, 'invalid-credentials']);
    expect(await toldOf(id)).toEqual(['second-factor-added']);
  });

  it('needs a proven e-mail: nobody locks out for good whose address it is', async () => {
    const { email } = await people.add();
    const session = await people.signIn(email);
    const { status, body } = await call(session, 'POST', '', { password: PASSWORD });
    expect([status, body.code]).toEqual([403, 'email-not-verified']);
  });

  it('needs the password, and none may be there', async () => {
    const { session } = await guarded();
    expect((await call(session, 'POST', '', { password: 'wrong' })).body.code).toBe('wrong-password');
    expect((await call(session, 'POST', '', { password: PASSWORD })).body.code).toBe('second-factor-active');
    expect((await call(session, 'POST', '/confirm', { code: '123456' })).status).toBe(404);
  });

  it('keeps neither the secret nor a recovery code in readable form', async () => {
    const { id, secret, recoveryCodes } = await guarded();
    const [{ secret: kept }] = (await api.db.asOwner('select secret from second_factors where user_id = $1', [id])) as [
      { secret: Buffer },
    ];
    expect(kept.includes(Buffer.from(Secret.fromBase32(secret).bytes))).toBe(false);
    const hashes = await api.db.asOwner<{ code_hash: Buffer }>(
      'select code_hash from recovery_codes where user_id = $1',
      [id],
    );
    expect(hashes).toHaveLength(10);
    for (const { code_hash: hash } of hashes)
      for (const code of recoveryCodes) expect(hash.includes(Buffer.from(code.replaceAll('-', '')))).toBe(false);
  });
});

describe('signing in with a code', () => {
  it('takes each code once, also at the same moment', async () => {
    const { id, email, secret } = await guarded();
    const code = codeOf(secret);
    const answers = await Promise.all(Array.from({ length: 3 }, () => people.grant(email, { code })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    expect(answers.find(({ status }) => status === 401)?.body.code).toBe('invalid-second-factor');
    expect(eventsOf(id).filter((event) => event === 'auth.second-factor-failed')).toHaveLength(2);
    expect(api.securityEvents).toContainEqual(expect.objectContaining({ userId: id, factor: 'authenticator' }));
  });

  it('takes each recovery code once, and tells the person', async () => {
    const { id, email, recoveryCodes } = await guarded();
    const [code = ''] = recoveryCodes;
    const answers = await Promise.all([people.grant(email, { code }), people.grant(email, { code })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect(await toldOf(id)).toEqual(['second-factor-added', 'recovery-code-used']);
    expect(api.securityEvents).toContainEqual(expect.objectContaining({ userId: id, factor: 'recovery-code' }));
    expect((await people.grant(email, { code: recoveryCodes[1]!.toUpperCase() })).status).toBe(200);
  });

  it('cannot be guessed, from wherever; where the person has signed in before nobody waits for it', async () => {
    const { email, secret } = await guarded();
    const guess = (at: number) => people.grant(email, { code: '000000' }, { 'x-forwarded-for': `198.51.100.${at}` });
    const answers = await Promise.all(Array.from({ length: 9 }, (_, at) => guess(at)));
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(7);
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(2);
    expect((await people.grant(email, { code: codeOf(secret) })).status).toBe(200);
  });

  it('is asked for after the password was set anew, too', async () => {
    const { id, email, secret } = await guarded();
    await people.post('/auth/forgot-password', { email });
    const mails = await api.told<{ userId: string; token: string }>(passwordResetRequested.type);
    const { token } = mails.find(({ userId }) => userId === id)!;
    const newPassword = 'another horse, other battery';
    expect((await people.post('/auth/reset-password', { token, newPassword })).status).toBe(204);
    expect((await people.grant(email, { password: newPassword })).body.code).toBe('second-factor-required');
    expect((await people.grant(email, { password: newPassword, code: codeOf(secret) })).status).toBe(200);
  });

  it('by cookie asks for it alike', async () => {
    const { email, secret } = await guarded();
    const without = await people.post('/auth/signin', { email, password: PASSWORD });
    expect([without.status, without.body.code]).toEqual([401, 'second-factor-required']);
    expect(without.headers.getSetCookie()).toEqual([]);
    expect((await people.post('/auth/signin', { email, password: PASSWORD, code: codeOf(secret) })).status).toBe(200);
  });
});

describe('a second factor whose key is gone', () => {
  it('takes no code of an authenticator; a recovery code signs in and removes it', async () => {
    const { id, email, secret, recoveryCodes, session } = await guarded();
    await api.db.asOwner(
      `update second_factors set secret = set_byte(secret, 20, get_byte(secret, 20) # 1) where user_id = $1`,
      [id],
    );
    const { status, body } = await people.grant(email, { code: codeOf(secret, 1) });
    expect([status, body.code]).toEqual([401, 'invalid-second-factor']);
    expect((await people.grant(email, { code: recoveryCodes[0]! })).status).toBe(200);
    expect((await call(session, 'DELETE', '', { password: PASSWORD, code: recoveryCodes[1] })).status).toBe(204);
    expect((await people.grant(email)).status).toBe(200);
  });

  it('while it waits for its first code is refused, and begun anew', async () => {
    const { id, email } = await add();
    const session = await people.signIn(email);
    const { secret } = await begin(session);
    await api.db.asOwner(`update second_factors set secret = '' where user_id = $1`, [id]);
    expect((await call(session, 'POST', '/confirm', { code: codeOf(secret) })).body.code).toBe('wrong-code');
    const anew = await begin(session);
    expect((await call(session, 'POST', '/confirm', { code: codeOf(anew.secret) })).status).toBe(200);
  });
});

describe('removing a second factor', () => {
  it('needs the password and a code; other sessions end, the person is told', async () => {
    const { id, email, session, secret, recoveryCodes } = await guarded();
    const other = await people.signIn(email, { code: codeOf(secret) });
    const remove = (password: string, code: string) => call(session, 'DELETE', '', { password, code });
    expect((await remove('wrong', codeOf(secret, 1))).body.code).toBe('wrong-password');
    expect((await remove(PASSWORD, '000000')).body.code).toBe('wrong-code');
    expect((await remove(PASSWORD, codeOf(secret))).body.code).toBe('wrong-code');
    const failed = ['auth.password-confirmation-failed', 'auth.second-factor-failed', 'auth.second-factor-failed'];
    expect(eventsOf(id).slice(-3)).toEqual(failed);
    expect((await remove(PASSWORD, recoveryCodes[0]!)).status).toBe(204);
    expect(eventsOf(id).at(-1)).toBe('auth.second-factor-removed');
    expect(await people.goesOn(other)).toBe(false);
    expect(await people.goesOn(session)).toBe(true);
    expect((await people.grant(email)).status).toBe(200);
    expect(await toldOf(id)).toEqual(['second-factor-added', 'second-factor-removed']);
    expect((await remove(PASSWORD, recoveryCodes[1]!)).status).toBe(404);
  });

  it('leaves the password as it is for whoever changes it at that moment in a session that it ends', async () => {
    const { id, email, session, secret, recoveryCodes } = await guarded();
    const other = await people.signIn(email, { code: codeOf(secret) });
    onceJudged(() => call(session, 'DELETE', '', { password: PASSWORD, code: recoveryCodes[0] }));
    const passwords = { currentPassword: PASSWORD, newPassword: 'another horse, other battery' };
    const { status, body } = await api.call('PUT', '/users/me/password', { as: other.as, body: passwords });
    expect([status, body.code]).toEqual([403, 'wrong-password']);
    expect(await toldOf(id)).toEqual(['second-factor-added', 'second-factor-removed']);
    expect((await people.grant(email)).status).toBe(200);
  });
});

describe('linking an identity, and undoing it', () => {
  it('needs a code as well as the password; each counts once', async () => {
    const { id, email, session, secret, recoveryCodes } = await guarded();
    await api.db.asOwner('update users set email_verified_at = now() where id = $1', [id]);
    const facts = { issuer: 'https://login.example', subjectClaim: 'sub', subject: id, email, emailVerified: true };
    const headers = await api.proven(id, { ...facts, issuedAt: Math.floor(Date.now() / 1000) });
    const path = '/users/me/identities';
    const link = (code?: string) =>
      api.call('POST', path, { as: session.as, headers, body: { token: 'x', password: PASSWORD, code } });
    for (const code of [undefined, '000000']) expect((await link(code)).body.code).toBe('wrong-code');
    const { status, body } = await link(codeOf(secret));
    expect(status).toBe(201);
    const unlink = (code?: string) =>
      api.call('DELETE', `${path}/${body.id}`, { as: session.as, body: { password: PASSWORD, code } });
    for (const code of [undefined, codeOf(secret)]) expect((await unlink(code)).body.code).toBe('wrong-code');
    expect((await unlink(recoveryCodes[0])).status).toBe(204);
    expect(await toldOf(id)).toEqual(['second-factor-added', 'identity-linked', 'identity-unlinked']);
  });
});
