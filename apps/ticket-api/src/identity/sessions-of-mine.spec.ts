import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { meanwhile } from '../testing/meanwhile.js';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { untilWaiting } from '../testing/until-waiting.js';
import { ForgetEnded } from './forget-ended/forget-ended.js';
import { IdentityModule } from './identity.module.js';
import { People, type SignedIn } from './testing/people.js';

let api: TicketApi;
let people: People;
beforeAll(async () => {
  api = await openTicketApi([IdentityModule], ['identity']);
  people = new People(api);
});
afterAll(() => api.close());

const list = async ({ as }: SignedIn, query = '') => (await api.call('GET', `/users/me/sessions${query}`, { as })).body;
const end = (sessionId: string, { as }: SignedIn) => api.call('DELETE', `/users/me/sessions/${sessionId}`, { as });

describe('my sessions', () => {
  it('are listed newest first, each as its client was last seen', async () => {
    const { email } = await people.add();
    const phone = { 'user-agent': 'Phone \u0007/1', 'x-forwarded-for': '198.51.100.7' };
    const older = await people.signIn(email, {}, { 'user-agent': 'Desk/1', 'x-forwarded-for': '2001:db8:1:2:3::9' });
    const newer = await people.signIn(email, {}, { 'user-agent': 'Phone/1', 'x-forwarded-for': '198.51.100.7' });
    const { data, nextCursor } = await list(older);
    expect(nextCursor).toBeNull();
    const time = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(data).toEqual(
      [
        ...[{ id: newer.sessionId, current: false, userAgent: 'Phone/1', network: '198.51.100.7' }],
        ...[{ id: older.sessionId, current: true, userAgent: 'Desk/1', network: '2001:db8:1:2::/64' }],
      ].map((session) => ({ ...session, createdAt: time, lastUsedAt: time })),
    );

    await api.db.asOwner(`update sessions set last_used_at = now() - interval '1 day' where id = $1`, [
      newer.sessionId,
    ]);
    await people.refresh(newer.refreshToken, { ...phone, 'user-agent': 'Phone/2' });
    const [seen] = (await list(older)).data;
    expect(seen.userAgent).toBe('Phone/2');
    expect(Date.now() - Date.parse(seen.lastUsedAt)).toBeLessThan(60_000);
  });

  it('are given page by page', async () => {
    const { email } = await people.add();
    const all = [await people.signIn(email), await people.signIn(email), await people.signIn(email)];
    const first = await list(all[0]!, '?limit=2');
    const second = await list(all[0]!, `?limit=2&cursor=${first.nextCursor}`);
    const ids = [...first.data, ...second.data].map(({ id }) => id);
    expect(ids).toEqual(all.map(({ sessionId }) => sessionId).reverse());
    expect(second.nextCursor).toBeNull();
  });

  it('are ended one by one: refreshing is refused at once, and the gateway is told', async () => {
    const { email } = await people.add();
    const [mine, other] = [await people.signIn(email), await people.signIn(email)];
    expect((await end(other.sessionId, mine)).status).toBe(204);
    expect(await people.goesOn(other)).toBe(false);
    expect(await people.revoked()).toContain(other.sessionId);
    expect((await list(mine)).data).toHaveLength(1);
    expect((await end(other.sessionId, mine)).status).toBe(404);
    expect(await people.goesOn(mine)).toBe(true);
  });

  it("are mine alone: another's is not found, and goes on", async () => {
    const [mine, theirs] = [
      await people.signIn((await people.add()).email),
      await people.signIn((await people.add()).email),
    ];
    expect((await end(theirs.sessionId, mine)).status).toBe(404);
    expect((await end('not-an-id', mine)).status).toBe(404);
    expect((await list(mine)).data).toHaveLength(1);
    expect(await people.goesOn(theirs)).toBe(true);
  });

  it('end all at once, this one too, and nobody elses', async () => {
    const { email } = await people.add();
    const all = [await people.signIn(email), await people.signIn(email)];
    const stranger = await people.signIn((await people.add()).email);
    const answer = await api.call('POST', '/auth/signout-everywhere', { as: all[0]!.as });
    const { userId } = all[0]!.as;
    expect(api.securityEvents.at(-1)).toMatchObject({ event: 'auth.sessions-ended', userId });
    expect(answer.status).toBe(204);
    for (const cookie of answer.headers.getSetCookie()) expect(cookie).toContain('=; Max-Age=0;');
    expect(answer.headers.getSetCookie()).toHaveLength(2);
    expect(await people.revoked()).toEqual(expect.arrayContaining(all.map(({ sessionId }) => sessionId)));
    for (const session of all) expect(await people.goesOn(session)).toBe(false);
    expect(await people.goesOn(stranger)).toBe(true);
  });

  it('that are being refreshed while they are ended do not survive it', async () => {
    const session = await people.signIn((await people.add()).email);
    const revoke = `update sessions set revoked_at = clock_timestamp() where id = $1`;
    await meanwhile(api.db, [[revoke, [session.sessionId]]], async (other) => {
      const refreshing = people.refresh(session.refreshToken);
      await untilWaiting(api.db, 1);
      await other.query('commit');
      expect((await refreshing).status).toBe(401);
    });
  });

  it('whose refreshing was first are ended with the token that it gave', async () => {
    const session = await people.signIn((await people.add()).email);
    const [refreshed, ended] = await Promise.all([
      people.refresh(session.refreshToken),
      api.call('POST', '/auth/signout-everywhere', { as: session.as }),
    ]);
    expect(ended.status).toBe(204);
    if (refreshed.status === 200) expect((await people.refresh(refreshed.body.refreshToken)).status).toBe(401);
    expect(await people.goesOn(session)).toBe(false);
  });

  it('end ninety days after the sign-in, however often they are used', async () => {
    const session = await people.signIn((await people.add()).email);
    const lifetimes = () =>
      api.db.asOwner<{ session: number; token: number }>(
        `select round(extract(epoch from s.ends_at - now()) / 86400)::int as session,
                round(extract(epoch from max(t.expires_at) - now()) / 86400)::int as token
         from sessions s join refresh_tokens t on t.session_id = s.id where s.id = $1 group by s.id`,
        [session.sessionId],
      );
    expect(await lifetimes()).toEqual([{ session: 90, token: 30 }]);
    await api.db.asOwner(
      `update sessions set ends_at = now() + interval '5 days', expires_at = now() + interval '4 days' where id = $1`,
      [session.sessionId],
    );
    const next = (await people.refresh(session.refreshToken)).body.refreshToken;
    const [{ left }] = (await api.db.asOwner(
      `select round(extract(epoch from expires_at - now()) / 86400)::int as left from refresh_tokens
       where session_id = $1 and used_at is null`,
      [session.sessionId],
    )) as [{ left: number }];
    expect(left).toBe(5);
    await api.db.asOwner('update refresh_tokens set expires_at = now() where session_id = $1', [session.sessionId]);
    expect((await people.refresh(next)).status).toBe(401);
  });

  it('are forgotten a day after they have ended, and no sooner', async () => {
    const { email } = await people.add();
    const [live, ended, over, old] = [
      await people.signIn(email),
      await people.signIn(email),
      await people.signIn(email),
      await people.signIn(email),
    ];
    const age = (set: string, { sessionId }: SignedIn) =>
      api.db.asOwner(`update sessions set ${set} where id = $1`, [sessionId]);
    await age(`revoked_at = now() - interval '23 hours'`, ended);
    await age(`revoked_at = now() - interval '25 hours'`, over);
    await age(`expires_at = now() - interval '25 hours'`, old);
    expect(await api.app.get(ForgetEnded).forget()).toBe(false);
    const kept = await api.db.asOwner<{ id: string }>('select id from sessions where user_id = $1 order by id', [
      live.as.userId,
    ]);
    expect(kept.map(({ id }) => id)).toEqual([live.sessionId, ended.sessionId]);
  });
});
