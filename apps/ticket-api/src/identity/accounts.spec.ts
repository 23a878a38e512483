import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emailVerificationRequested } from '@app/contracts';
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

describe('signing up', () => {
  it('answers with the person, whose e-mail is kept in lower case and not verified', async () => {
    const { status, body } = await post('/auth/signup', { email: 'Ada@Example.ORG', password, name: 'Ada' });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      email: 'ada@example.org',
      name: 'Ada',
      roles: ['buyer'],
      emailVerified: false,
      secondFactor: false,
    });
  });

  it('an e-mail has one account, also in another case and when many sign up at once', async () => {
    const emails = ['Grace@example.org', 'grace@example.org', 'GRACE@EXAMPLE.ORG', 'grace@example.org'];
    const answers = await Promise.all(emails.map((email) => post('/auth/signup', { email, password, name: 'G' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('email-taken');
  });

  it('keeps neither the password nor the token of the mail in readable form', async () => {
    const { id } = await person();
    const told = await api.told<{ userId: string; token: string }>(emailVerificationRequested.type);
    const { token } = told.find(({ userId }) => userId === id)!;
    const kept = await api.db.asOwner('select u.*, v.* from users u join email_verifications v on v.user_id = u.id');
    expect(
      JSON.stringify(kept, (_, value) => (Buffer.isBuffer(value) ? value.toString('base64url') : value)),
    ).not.toMatch(new RegExp(`${password}|${token}`));
  });

  it('a short password and an unknown field are refused', async () => {
    const short = await post('/auth/signup', { email: 'x@example.org', password: 'short', name: 'X' });
    expect([short.status, short.body.errors[0].path]).toEqual([422, 'password']);
    const more = await post('/auth/signup', { email: 'x@example.org', password, name: 'X', roles: ['owner'] });
    expect([more.status, more.body.errors[0].path]).toEqual([422, 'roles']);
  });
});

describe('proving an e-mail', () => {
  const tokensOf = async (id: string) =>
    (await api.told<{ userId: string; token: string }>(emailVerificationRequested.type))
      .filter(({ userId }) => userId === id)
      .map(({ token }) => token);

  it('a token proves the e-mail that it was sent to, and no other', async () => {
    const { id } = await person();
    const [token] = await tokensOf(id);
    await api.db.asOwner(`update users set email = 'another@example.org' where id = $1`, [id]);
    expect((await post('/auth/verify-email', { token })).body.code).toBe('invalid-token');
  });

  it('the token of the mail proves it once', async () => {
    const { id } = await person();
    const [token] = await tokensOf(id);
    const first = await post('/auth/verify-email', { token });
    expect([first.status, first.body.emailVerified]).toEqual([200, true]);
    const second = await post('/auth/verify-email', { token });
    expect([second.status, second.body.code]).toEqual([409, 'invalid-token']);
    expect(second.body.detail).toContain('POST /auth/verify-email/resend');
  });

  it('the token ends after 24 hours', async () => {
    const { id } = await person();
    const [token] = await tokensOf(id);
    const [{ hours }] = (await api.db.asOwner(
      'select extract(epoch from expires_at - created_at) / 3600 as hours from email_verifications where user_id = $1',
      [id],
    )) as [{ hours: string }];
    expect(Number(hours)).toBe(24);
    await api.db.asOwner('update email_verifications set expires_at = now() where user_id = $1', [id]);
    expect((await post('/auth/verify-email', { token })).status).toBe(409);
  });

  it('can be asked for again; any of the mails will do, and then the others end', async () => {
    const { id, as } = await person();
    expect((await api.call('POST', '/auth/verify-email/resend', { as })).status).toBe(202);
    const [older, newer] = await tokensOf(id);
    expect((await post('/auth/verify-email', { token: older })).status).toBe(200);
    expect((await post('/auth/verify-email', { token: newer })).status).toBe(409);
    expect((await api.call('POST', '/auth/verify-email/resend', { as })).status).toBe(202);
    expect(await tokensOf(id)).toHaveLength(2);
  });

  it('at most five mails leave within an hour, however they are asked for', async () => {
    const { id, as } = await person();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => api.call('POST', '/auth/verify-email/resend', { as })),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(4);
    const refused = answers.find(({ status }) => status === 429)!;
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3500);
    expect(await tokensOf(id)).toHaveLength(5);
  });
});

describe('my profile', () => {
  it('is for the signed-in person', async () => {
    const { as, email, id } = await person();
    expect((await api.call('GET', '/users/me')).status).toBe(401);
    const { status, body } = await api.call('GET', '/users/me', { as });
    expect([status, body]).toEqual([
      200,
      { id, email, name: 'Ada', roles: ['buyer'], emailVerified: false, secondFactor: false },
    ]);
  });

  it('changes its name and nothing else', async () => {
    const { as, email } = await person();
    const renamed = await api.call('PATCH', '/users/me', { as, body: { name: 'Ada L.' } });
    expect([renamed.status, renamed.body.name, renamed.body.email]).toEqual([200, 'Ada L.', email]);
    expect((await api.call('PATCH', '/users/me', { as, body: {} })).body.name).toBe('Ada L.');
    expect((await api.call('PATCH', '/users/me', { as, body: { email: 'x@example.org' } })).status).toBe(422);
  });

  it('a token that outlived its account is worth nothing', async () => {
    const { as, id } = await person();
    await api.db.asOwner('delete from users where id = $1', [id]);
    expect((await api.call('GET', '/users/me', { as })).status).toBe(401);
    expect((await api.call('PATCH', '/users/me', { as, body: { name: 'X' } })).status).toBe(401);
  });
});
