import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { IdentityModule } from './identity.module.js';

const password = 'correct horse battery staple';
let api: TicketApi;
beforeAll(async () => {
  api = await openTicketApi([IdentityModule], ['identity']);
});
afterAll(() => api.close());

const post = (path: string, body?: unknown, headers?: Record<string, string>) =>
  api.call('POST', path, { body, ...(headers && { headers }) });
let people = 0;
/** A new account and who the gateway would say it is. */
async function person() {
  const email = `person${++people}@example.org`;
  const { body } = await post('/auth/signup', { email, password, name: 'Ada' });
  const identity = { userId: body.id as string, email, name: 'Ada', emailVerified: false, sessionId: 'none' };
  return { email, id: body.id as string, as: identity };
}

describe('signing in', () => {
  const signIn = (email: string, given = password, headers?: Record<string, string>) =>
    post('/auth/signin', { email, password: given }, headers);

  it('sets two cookies that no script can read and answers with the person', async () => {
    const { email, id } = await person();
    const { status, body, headers } = await signIn(email.toUpperCase());
    expect([status, body.id]).toEqual([200, id]);
    const cookies = headers.getSetCookie();
    expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual(['access_token', 'refresh_token']);
    for (const cookie of cookies) expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(headers.get('cache-control')).toBe('no-store');
    const facts = { userId: id, sessionId: expect.any(String), factor: 'password', network: '127.0.0.1' };
    expect(api.securityEvents.at(-1)).toMatchObject({ level: 'info', event: 'auth.signed-in', ...facts });
  });

  it('a wrong password and an account that does not exist get the same answer', async () => {
    const { email, id } = await person();
    const [wrong, unknown] = await Promise.all([signIn(email, 'wrong'), signIn('nobody@example.org', 'wrong')]);
    const facts = ({ status, body: { requestId: _, ...rest } }: typeof wrong) => ({ status, rest });
    expect(facts(unknown)).toEqual(facts(wrong));
    expect(wrong.body).toMatchObject({ status: 401, code: 'invalid-credentials' });
    const failed = api.securityEvents.filter(({ event }) => event === 'auth.sign-in-failed');
    expect(new Set(failed.map(({ userId }) => userId))).toEqual(new Set([id, undefined]));
    expect(JSON.stringify(failed)).not.toMatch(/example|wrong/);
  });

  it('guessing is slowed for the account and the address together, and locks nobody else out', async () => {
    const { email } = await person();
    const from = (address: string) => ({ 'x-forwarded-for': address });
    // Sent at once: an attempt counts before its password is tried.
    const guesses = await Promise.all(Array.from({ length: 16 }, () => signIn(email, 'wrong', from('203.0.113.9'))));
    const refused = guesses.filter(({ status }) => status === 429);
    expect(guesses.filter(({ status }) => status === 401).length).toBeGreaterThanOrEqual(10);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.body.code).toBe('too-many-requests');
    expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    const slowed = { event: 'auth.slowed-down', limit: 'account-at-address', network: '203.0.113.9' };
    expect(api.securityEvents).toContainEqual(expect.objectContaining(slowed));

    // Some guesses later, when the wait is long enough for a slow machine.
    await api.db.asOwner('update sign_in_failures set failures = failures + 10 where failures >= 10');
    const own = await signIn(email, password, from('203.0.113.9'));
    expect(own.status).toBe(429);
    expect((await signIn(email, password, from('198.51.100.4'))).status).toBe(200);
    const forged = await signIn(email, password, from('198.51.100.4, 203.0.113.9'));
    expect(forged.status).toBe(429);
  });

  it('an address that guesses at many accounts is slowed down, whatever password fits', async () => {
    const { email } = await person();
    const headers = { 'x-forwarded-for': '203.0.113.77' };
    await api.db.asOwner('delete from sign_in_failures');
    for (const guess of [1, 2]) await signIn(`nobody-${guess}@example.org`, 'wrong', headers);
    expect(await api.db.asOwner('select from sign_in_failures where failures = 2')).toHaveLength(1);
    await api.db.asOwner('update sign_in_failures set failures = 120 where failures = 2');
    expect((await signIn(email, password, headers)).status).toBe(429);
    expect(api.securityEvents.at(-1)).toMatchObject({ event: 'auth.slowed-down', limit: 'address' });
    expect((await signIn(email, password, { 'x-forwarded-for': '198.51.100.78' })).status).toBe(200);
  });

  it('signing in starts the count anew', async () => {
    const { email } = await person();
    const headers = { 'x-forwarded-for': '203.0.113.10' };
    for (const round of [1, 2]) {
      for (let guess = 0; guess < 8; guess++) expect((await signIn(email, 'wrong', headers)).status).toBe(401);
      expect([round, (await signIn(email, password, headers)).status]).toEqual([round, 200]);
    }
  });
});

describe('tokens', () => {
  const grant = async (email: string) =>
    (await post('/auth/token', { grantType: 'password', email, password })).body as Record<string, string>;
  const refresh = (refreshToken: string) => post('/auth/token', { grantType: 'refresh_token', refreshToken });
  const revoked = async () => (await api.callInternally('/internal/revoked-sessions')).body.sessionIds as string[];
  const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
  const keysOf = async () => createLocalJWKSet((await api.callInternally('/internal/keys')).body);

  it('an access token checks against the published keys and says who and in which session', async () => {
    const { email, id } = await person();
    const tokens = await grant(email);
    expect(tokens).toMatchObject({ tokenType: 'Bearer', expiresIn: 600 });
    const { payload } = await jwtVerify(tokens.accessToken!, await keysOf(), {
      issuer: 'http://localhost:3000',
      audience: 'ticketing',
      typ: 'at+jwt',
    });
    expect(payload).toMatchObject({ sub: id, email, name: 'Ada', email_verified: false });
    const [session] = await api.db.asOwner<{ id: string }>('select id from sessions where user_id = $1', [id]);
    expect(payload.sid).toBe(session?.id);
  });

  it('a refresh token is in no row of the database as it is', async () => {
    const { refreshToken = '' } = await grant((await person()).email);
    const rows = await api.db.asOwner<{ hash: Buffer }>('select token_hash as hash from refresh_tokens');
    expect(rows.length).toBeGreaterThan(0);
    const forms = [Buffer.from(refreshToken), Buffer.from(refreshToken, 'base64url')].map((form) =>
      form.toString('hex'),
    );
    for (const { hash } of rows) expect(forms).not.toContain(hash.toString('hex'));
  });

  it('a refresh token is exchanged once, within one session', async () => {
    const first = await grant((await person()).email);
    const second = (await refresh(first.refreshToken!)).body;
    const third = (await refresh(second.refreshToken)).body;
    expect(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size).toBe(3);
    expect(claimsOf(third.accessToken).sid).toBe(claimsOf(first.accessToken!).sid);
  });

  it('an old refresh token revokes the session, also for whoever has the newest one', async () => {
    const { id: userId, email } = await person();
    const first = await grant(email);
    const second = (await refresh(first.refreshToken!)).body;
    const third = (await refresh(second.refreshToken)).body;
    const reused = await refresh(first.refreshToken!);
    expect([reused.status, reused.body.code]).toEqual([401, 'invalid-credentials']);
    const facts = { userId, sessionId: claimsOf(first.accessToken!).sid };
    expect(api.securityEvents.at(-1)).toMatchObject({ level: 'warn', event: 'auth.refresh-token-reused', ...facts });
    expect((await refresh(third.refreshToken)).status).toBe(401);
    expect(await revoked()).toContain(claimsOf(first.accessToken!).sid);
  });

  it('after a lost answer the same token gets one sibling, and only one of the two lives', async () => {
    const first = await grant((await person()).email);
    const lost = (await refresh(first.refreshToken!)).body;
    const again = await refresh(first.refreshToken!);
    expect(again.status).toBe(200);
    expect((await refresh(again.body.refreshToken)).status).toBe(200);
    expect((await refresh(lost.refreshToken)).status).toBe(401);
    expect(await revoked()).toContain(claimsOf(first.accessToken!).sid);
  });

  it('ten seconds later the answer does not count as lost', async () => {
    const first = await grant((await person()).email);
    await refresh(first.refreshToken!);
    await api.db.asOwner(
      `update refresh_tokens set used_at = used_at - interval '10 seconds' where used_at is not null`,
    );
    expect((await refresh(first.refreshToken!)).status).toBe(401);
  });

  it('of many exchanges at once the token is good for one and its sibling', async () => {
    const first = await grant((await person()).email);
    const answers = await Promise.all(Array.from({ length: 6 }, () => refresh(first.refreshToken!)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(4);
  });

  it('an ended or unknown refresh token is refused and revokes nothing', async () => {
    const first = await grant((await person()).email);
    await api.db.asOwner(`update refresh_tokens set expires_at = now() where session_id = $1`, [
      claimsOf(first.accessToken!).sid,
    ]);
    expect((await refresh(first.refreshToken!)).status).toBe(401);
    expect((await refresh('unknown')).status).toBe(401);
    expect(await revoked()).not.toContain(claimsOf(first.accessToken!).sid);
  });

  it('the refresh cookie is exchanged for new cookies; a useless one is taken back', async () => {
    const { email } = await person();
    const signedIn = await post('/auth/signin', { email, password });
    const cookie = signedIn.headers.getSetCookie()[1]!.split(';')[0]!;
    const refreshed = await post('/auth/refresh', undefined, { cookie });
    expect([refreshed.status, refreshed.body.email]).toEqual([200, email]);
    expect(refreshed.headers.getSetCookie()).toHaveLength(2);
    expect(refreshed.headers.getSetCookie()[1]).not.toContain(cookie);
    const none = await post('/auth/refresh');
    expect(none.status).toBe(401);
    expect(none.headers.getSetCookie()[1]).toMatch(/^refresh_token=; Max-Age=0/);
  });

  it('signing out ends the session of the access token and of the cookie, and may be repeated', async () => {
    const { email, as } = await person();
    const [byToken, byCookie] = [await grant(email), await grant(email)];
    const sessionId = claimsOf(byToken.accessToken!).sid as string;
    const signOut = () =>
      api.call('POST', '/auth/signout', {
        as: { ...as, sessionId },
        headers: { cookie: `refresh_token=${byCookie.refreshToken}` },
      });
    const before = (await api.callInternally('/internal/revoked-sessions')).body.now as string;
    const answer = await signOut();
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()).toHaveLength(2);
    for (const cookie of answer.headers.getSetCookie()) expect(cookie).toContain('=; Max-Age=0;');
    const { body } = await api.callInternally(`/internal/revoked-sessions?since=${before}`);
    expect(body.sessionIds).toEqual(expect.arrayContaining([sessionId, claimsOf(byCookie.accessToken!).sid]));
    expect((await refresh(byToken.refreshToken!)).status).toBe(401);
    expect((await refresh(byCookie.refreshToken!)).status).toBe(401);
    expect((await signOut()).status).toBe(204);
    expect((await post('/auth/signout')).status).toBe(204);
  });

  it('revocations are told to the gateway alone', async () => {
    expect((await api.callInternally('/internal/revoked-sessions', 'payment-service')).status).toBe(403);
  });

  it('revocations that commit late are told all the same: answers overlap', async () => {
    const sid = claimsOf((await grant((await person()).email)).accessToken!).sid as string;
    const { now } = (await api.callInternally('/internal/revoked-sessions')).body;
    await api.db.asOwner(`update sessions set revoked_at = $2::timestamptz - interval '20 seconds' where id = $1`, [
      sid,
      now,
    ]);
    const { body } = await api.callInternally(`/internal/revoked-sessions?since=${now}`);
    expect(body.sessionIds).toContain(sid);
  });

  it('revocations are told for as long as an access token lives', async () => {
    const sid = claimsOf((await grant((await person()).email)).accessToken!).sid as string;
    await api.db.asOwner(`update sessions set revoked_at = now() - interval '9 minutes' where id = $1`, [sid]);
    expect(await revoked()).toContain(sid);
    const { body } = await api.callInternally(`/internal/revoked-sessions?since=${new Date().toISOString()}`);
    expect(body.sessionIds).not.toContain(sid);
    await api.db.asOwner(`update sessions set revoked_at = now() - interval '12 minutes' where id = $1`, [sid]);
    expect(await revoked()).not.toContain(sid);
  });
});
