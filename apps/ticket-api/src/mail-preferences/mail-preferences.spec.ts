import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identity } from '@app/auth';
import { v7 as uuid } from 'uuid';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { addOrganization, addPerson } from '../testing/seed.js';
import { MailPreferencesModule, UnsubscribeTokens } from './mail-preferences.module.js';

const OPERATIONS = ['getMailPreferences', 'changeMailPreferences', 'showUnsubscribe', 'unsubscribe'];
let api: TicketApi;
let ada: Identity;
let tenantId: string;
beforeAll(async () => {
  api = await openTicketApi([AuthorizationModule, MailPreferencesModule], OPERATIONS);
  tenantId = await addOrganization(api.db, {});
});
afterAll(() => api?.close());
beforeEach(async () => {
  ada = await addPerson(api.db);
});

const tokens = () => api.app.get(UnsubscribeTokens, { strict: false });
const tokenOf = ({ userId }: Identity) => tokens().make({ userId, tenantId, kind: 'reminder' });
const wishes = async (as = ada) => (await api.call('GET', '/users/me/mail-preferences', { as })).body;
const change = (body: object, as = ada) => api.call('PATCH', '/users/me/mail-preferences', { as, body });
const page = async (method: string, token: string, init: RequestInit = {}) => {
  const answer = await fetch(`${api.url}/api/v1/mail-preferences/unsubscribe?token=${token}`, { method, ...init });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

describe('the link in a mail', () => {
  it('shows a page with a button, and changes nothing: mail scanners follow links', async () => {
    const { status, headers, text } = await page('GET', tokenOf(ada));
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*form-action 'self'/);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toContain('no-store');
    expect(text).toContain('<form method="post">');
    expect(text).toContain('Jazz &amp; Co.');
    expect(await wishes()).toEqual({ reminders: true, organizations: [] });
  });

  it('ends the reminders of that organization by one click, without signing in, however often', async () => {
    const oneClick = { body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) };
    for (const init of [oneClick, oneClick, {}]) {
      const { status, text } = await page('POST', tokenOf(ada), init);
      expect(status).toBe(200);
      expect(text).toContain('no more');
    }
    expect(await wishes()).toEqual({
      reminders: true,
      organizations: [{ organizationId: tenantId, reminders: false }],
    });
    const bob = await addPerson(api.db);
    expect(await wishes(bob)).toEqual({ reminders: true, organizations: [] });
  });

  it('that we did not make does nothing, whatever byte is another', async () => {
    const token = tokenOf(ada);
    const bytes = Buffer.from(token, 'base64url');
    const forged = Array.from(bytes, (_, at) => {
      const copy = Buffer.from(bytes);
      copy[at]! ^= 1;
      return copy.toString('base64url');
    });
    for (const wrong of [...forged, '', 'nonsense', bytes.subarray(0, -1).toString('base64url')])
      expect(tokens().read(wrong)).toBeUndefined();
    for (const method of ['GET', 'POST']) expect((await page(method, forged[5]!)).status).toBe(404);
    expect(await wishes()).toEqual({ reminders: true, organizations: [] });
    expect(tokens().read(token)).toEqual({ userId: ada.userId, tenantId, kind: 'reminder' });
  });

  it('of somebody whose account is erased leaves nothing behind', async () => {
    await api.db.asOwner('update users set erased_at = now() where id = $1', [ada.userId]);
    expect((await page('POST', tokenOf(ada))).status).toBe(200);
    expect(await api.db.asOwner('select from mail_preferences where user_id = $1', [ada.userId])).toEqual([]);
  });
});

describe("a person's own wishes", () => {
  it('are said of one organization or of all, and taken back', async () => {
    expect((await change({ reminders: false })).body).toEqual({ reminders: false, organizations: [] });
    const refused = [{ organizationId: tenantId, reminders: false }];
    expect((await change({ organizationId: tenantId, reminders: false })).body).toEqual({
      reminders: false,
      organizations: refused,
    });
    expect((await change({ reminders: true, organizationId: null })).body).toEqual({
      reminders: true,
      organizations: refused,
    });
    expect((await change({ organizationId: tenantId, reminders: true })).body).toEqual({
      reminders: true,
      organizations: [],
    });
  });

  it('need an organization that is there, and say something', async () => {
    expect((await change({ organizationId: uuid(), reminders: false })).status).toBe(404);
    expect((await change({})).status).toBe(422);
    expect((await change({ reminders: 'no' })).status).toBe(422);
  });
});
