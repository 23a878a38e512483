import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { memberInvited, type Role } from '@app/contracts';
import { v7 as uuidv7 } from 'uuid';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { organizerOf, OrganizationsModule } from './organizations.module.js';

let api: TicketApi;
beforeAll(async () => {
  api = await openTicketApi([AuthorizationModule, IdentityModule, OrganizationsModule], ['identity', 'organizations']);
});
afterAll(() => api.close());

let count = 0;
async function person(name = 'Ada', verified = true) {
  const email = `person${++count}@example.org`;
  const userId = uuidv7();
  await api.db.asOwner(
    `insert into users (id, email, password_hash, name, email_verified_at) values ($1, $2, '-', $3, $4)`,
    [userId, email, name, verified ? new Date() : null],
  );
  return { userId, email, name, emailVerified: verified, sessionId: uuidv7() };
}
type Person = Awaited<ReturnType<typeof person>>;

const call = (as: Person, method: string, path: string, body?: unknown) => api.call(method, path, { as, body });
const found = async (as: Person) =>
  (await call(as, 'POST', '/organizations', { name: 'Jazz Club', slug: `club-${++count}` })).body.id as string;
const invite = (as: Person, organization: string, email: string, role: Role = 'organizer') =>
  call(as, 'POST', `/organizations/${organization}/members`, { email, role });
const accept = (as: Person, id: string) => call(as, 'POST', `/organizations/invitations/${id}/accept`);
const remove = (as: Person, organization: string, userId: string) =>
  call(as, 'DELETE', `/organizations/${organization}/members/${userId}`);
/** A new member, by invitation. */
async function join(owner: Person, organization: string, role: Role): Promise<Person> {
  const member = await person();
  const { body } = await invite(owner, organization, member.email, role);
  await accept(member, body.id);
  return member;
}

describe('invitations are mails with words of who invites', () => {
  it('of one person are slowed down after twenty, and after two hundred when the e-mail is proven', async () => {
    for (const [inviter, free] of [
      [await person('Ada', false), 20],
      [await person(), 200],
    ] as const) {
      const organization = await found(inviter);
      const next = async () => (await invite(inviter, organization, `guest${++count}@crew.example`)).status;
      await api.db.asOwner('delete from sign_in_failures');
      expect(await next()).toBe(201);
      // As if all but one had been sent.
      await api.db.asOwner('update sign_in_failures set failures = $1 where failures = 1', [free - 1]);
      expect([await next(), await next()]).toEqual([201, 429]);
    }
  });

  it('to one address are slowed down after five, whoever they are from', async () => {
    const [ada, grace] = [await person(), await person()];
    const [one, two] = [await found(ada), await found(grace)];
    for (let n = 0; n < 5; n += 1)
      expect((await invite(n < 3 ? ada : grace, n < 3 ? one : two, 'once@guest.example')).status).toBe(201);
    const { status, body, headers } = await invite(grace, two, 'once@guest.example');
    expect([status, body.code]).toEqual([429, 'too-many-requests']);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await invite(grace, two, 'another@guest.example')).status).toBe(201);
  });
});

describe('founding an organization', () => {
  it('makes the founder its owner', async () => {
    const ada = await person();
    const { status, body } = await call(ada, 'POST', '/organizations', { name: 'Jazz Club', slug: 'jazz-club' });
    expect(status).toBe(201);
    const facts = { name: 'Jazz Club', slug: 'jazz-club', status: 'active', role: 'owner' };
    expect(body).toEqual({ id: expect.stringMatching(/-7/), ...facts });
    expect((await call(ada, 'GET', '/users/me')).body.roles).toEqual(['buyer', 'owner']);
  });

  it('a slug names one organization, also when many ask for it at once', async () => {
    const founders = await Promise.all([person(), person(), person()]);
    const answers = await Promise.all(
      founders.map((founder) => call(founder, 'POST', '/organizations', { name: 'Once', slug: 'once' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('slug-taken');
    const rows = await api.db.asOwner(
      `select from members m join organizations o using (tenant_id) where slug = 'once'`,
    );
    expect(rows).toHaveLength(1);
  });
});

describe('my organizations', () => {
  it("come page by page, each once, with my role, and nobody else's", async () => {
    const [ada, other] = await Promise.all([person(), person()]);
    const ids = [await found(ada), await found(ada), await found(ada)];
    await found(other);
    const first = await call(ada, 'GET', '/organizations?limit=2');
    expect(first.body.data.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    const later = await found(ada);
    const second = await call(ada, 'GET', `/organizations?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body.data.map(({ id }: { id: string }) => id)).toEqual([ids[2], later]);
    expect(second.body.data[0]).toMatchObject({ name: 'Jazz Club', role: 'owner' });
    expect(second.body.nextCursor).toBeNull();
    expect((await call(ada, 'GET', '/organizations?cursor=nonsense')).status).toBe(422);
  });
});

describe('inviting', () => {
  it('answers with a pending invitation and tells of it once', async () => {
    const ada = await person('Ada');
    const organization = await found(ada);
    const { status, body } = await invite(ada, organization, 'New@Example.org', 'scanner');
    expect(status).toBe(201);
    const facts = { email: 'new@example.org', role: 'scanner', expiresAt: body.expiresAt };
    expect(body).toEqual({ id: body.id, organizationId: organization, status: 'pending', ...facts });
    const told = (await api.told(memberInvited.type)).filter(({ invitationId }) => invitationId === body.id);
    expect(told).toEqual([{ invitationId: body.id, organizationName: 'Jazz Club', invitedBy: 'Ada', ...facts }]);
    expect((Date.parse(body.expiresAt) - Date.now()) / 3_600_000).toBeCloseTo(7 * 24, 0);
  });

  it('a member cannot be invited', async () => {
    const ada = await person();
    const organization = await found(ada);
    const { status, body } = await invite(ada, organization, ada.email.toUpperCase());
    expect([status, body.code]).toEqual([409, 'already-member']);
  });

  it('again takes the place of the earlier invitation', async () => {
    const [ada, grace] = await Promise.all([person(), person()]);
    const organization = await found(ada);
    const [earlier, later] = [
      await invite(ada, organization, grace.email),
      await invite(ada, organization, grace.email, 'owner'),
    ];
    expect((await accept(grace, earlier.body.id)).body.code).toBe('invitation-ended');
    expect((await accept(grace, later.body.id)).body.role).toBe('owner');
  });

  it('the same e-mail many times at once leaves one open invitation', async () => {
    const ada = await person();
    const organization = await found(ada);
    const answers = await Promise.all(Array.from({ length: 5 }, () => invite(ada, organization, 'many@example.org')));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    const open = await api.db.asOwner(
      'select from invitations where tenant_id = $1 and revoked_at is null and accepted_at is null',
      [organization],
    );
    expect(open).toHaveLength(1);
  });

  it('is for owners; a stranger and a member of lower rank are refused before their body is looked at', async () => {
    const [ada, stranger] = await Promise.all([person(), person()]);
    const organization = await found(ada);
    const organizer = await join(ada, organization, 'organizer');
    for (const who of [stranger, organizer])
      expect((await call(who, 'POST', `/organizations/${organization}/members`, { nonsense: 1 })).body.code).toBe(
        'forbidden',
      );
    expect((await invite(ada, uuidv7(), 'x@example.org')).status).toBe(404);
    expect((await invite(ada, 'no-uuid', 'x@example.org')).status).toBe(404);
    expect(
      (await call(ada, 'POST', `/organizations/${organization}/members`, { email: 'x', role: 'admin' })).status,
    ).toBe(422);
  });
});

describe('accepting an invitation', () => {
  it('makes a member, and may be repeated', async () => {
    const [ada, grace] = await Promise.all([person(), person()]);
    const organization = await found(ada);
    const { body: invitation } = await invite(ada, organization, grace.email, 'scanner');
    const first = await accept(grace, invitation.id);
    expect([first.status, first.body]).toEqual([
      200,
      { id: organization, name: 'Jazz Club', slug: expect.any(String), status: 'active', role: 'scanner' },
    ]);
    const second = await accept(grace, invitation.id);
    expect([second.status, second.body]).toEqual([200, first.body]);
    expect((await call(grace, 'GET', '/users/me')).body.roles).toEqual(['buyer', 'scanner']);
  });

  it("somebody else's invitation does not exist", async () => {
    const [ada, mallory] = await Promise.all([person(), person()]);
    const { body } = await invite(ada, await found(ada), 'grace@example.org');
    expect((await accept(mallory, body.id)).status).toBe(404);
    expect((await accept(ada, body.id)).status).toBe(404);
    expect((await accept(ada, uuidv7())).status).toBe(404);
  });

  it('takes a verified e-mail, as the account says and not an older token', async () => {
    const [ada, grace] = await Promise.all([person(), person('Grace', false)]);
    const { body } = await invite(ada, await found(ada), grace.email);
    const refused = await accept({ ...grace, emailVerified: true }, body.id);
    expect([refused.status, refused.body.code]).toEqual([403, 'email-not-verified']);
    expect(refused.body.detail).toContain('POST /auth/verify-email');
    await api.db.asOwner('update users set email_verified_at = now() where id = $1', [grace.userId]);
    expect((await accept(grace, body.id)).status).toBe(200);
  });

  it('an expired invitation, or the one of a removed member, lets nobody in', async () => {
    const [ada, grace] = await Promise.all([person(), person()]);
    const organization = await found(ada);
    const { body: expired } = await invite(ada, organization, grace.email);
    await api.db.asOwner('update invitations set expires_at = now() where id = $1', [expired.id]);
    expect((await accept(grace, expired.id)).body.code).toBe('invitation-ended');

    const { body: used } = await invite(ada, organization, grace.email);
    await accept(grace, used.id);
    await remove(ada, organization, grace.userId);
    expect((await accept(grace, used.id)).body.code).toBe('invitation-ended');
  });
});

describe('members', () => {
  it('are listed page by page for owners and organizers, and for nobody else', async () => {
    const [ada, stranger] = await Promise.all([person('Ada'), person()]);
    const organization = await found(ada);
    const organizer = await join(ada, organization, 'organizer');
    const scanner = await join(ada, organization, 'scanner');
    const list = (as: Person, query = '') => call(as, 'GET', `/organizations/${organization}/members${query}`);
    const first = await list(organizer, '?limit=2');
    const second = await list(ada, `?limit=2&cursor=${first.body.nextCursor}`);
    expect([...first.body.data, ...second.body.data]).toEqual(
      [
        { userId: ada.userId, name: 'Ada', email: ada.email, role: 'owner' },
        { userId: organizer.userId, name: 'Ada', email: organizer.email, role: 'organizer' },
        { userId: scanner.userId, name: 'Ada', email: scanner.email, role: 'scanner' },
      ].sort((a, b) => a.userId.localeCompare(b.userId)),
    );
    expect(second.body.nextCursor).toBeNull();
    expect((await list(scanner)).status).toBe(403);
    expect((await list(stranger)).status).toBe(403);
  });

  it('lose their role with the next request after they were removed', async () => {
    const ada = await person();
    const organization = await found(ada);
    const organizer = await join(ada, organization, 'organizer');
    const list = () => call(organizer, 'GET', `/organizations/${organization}/members`);
    expect((await list()).status).toBe(200);
    expect((await remove(ada, organization, organizer.userId)).status).toBe(204);
    expect((await list()).status).toBe(403);
    expect((await remove(ada, organization, organizer.userId)).status).toBe(404);
  });

  it('the last owner stays, also when two owners remove each other at once', async () => {
    const ada = await person();
    const organization = await found(ada);
    const alone = await remove(ada, organization, 'me');
    expect([alone.status, alone.body.code]).toEqual([409, 'last-owner']);

    const grace = await join(ada, organization, 'owner');
    const answers = await Promise.all([
      remove(ada, organization, grace.userId),
      remove(grace, organization, ada.userId),
      remove(ada, organization, 'me'),
      remove(grace, organization, 'me'),
    ]);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    const owners = await api.db.asOwner(`select from members where tenant_id = $1 and role = 'owner'`, [organization]);
    expect(owners).toHaveLength(1);
  });
});

describe('a role', () => {
  const change = (as: Person, organization: string, userId: string, role: string) =>
    call(as, 'PATCH', `/organizations/${organization}/members/${userId}`, { role });

  it('is changed by owners, and counts with the next request', async () => {
    const ada = await person();
    const organization = await found(ada);
    const grace = await join(ada, organization, 'scanner');
    const list = () => call(grace, 'GET', `/organizations/${organization}/members`);
    expect((await change(grace, organization, grace.userId, 'owner')).status).toBe(403);
    expect((await list()).status).toBe(403);
    const { status, body } = await change(ada, organization, grace.userId, 'organizer');
    expect([status, body]).toEqual([
      200,
      { userId: grace.userId, name: grace.name, email: grace.email, role: 'organizer' },
    ]);
    expect((await list()).status).toBe(200);
    expect((await change(ada, organization, uuidv7(), 'owner')).status).toBe(404);
    expect((await change(ada, organization, grace.userId, 'admin')).status).toBe(422);
  });

  it('the last owner stays one, also when two make each other less at once', async () => {
    const ada = await person();
    const organization = await found(ada);
    const alone = await change(ada, organization, 'me', 'organizer');
    expect([alone.status, alone.body.code]).toEqual([409, 'last-owner']);
    expect((await change(ada, organization, 'me', 'owner')).status).toBe(200);

    const grace = await join(ada, organization, 'owner');
    const answers = await Promise.all([
      change(ada, organization, grace.userId, 'organizer'),
      change(grace, organization, ada.userId, 'scanner'),
      remove(grace, organization, 'me'),
      remove(ada, organization, 'me'),
    ]);
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    const owners = await api.db.asOwner(`select from members where tenant_id = $1 and role = 'owner'`, [organization]);
    expect(owners).toHaveLength(1);
  });
});

describe('leaving', () => {
  it('takes no rank; a stranger has nothing to leave, and nobody leaves for another', async () => {
    const [ada, stranger] = await Promise.all([person(), person()]);
    const organization = await found(ada);
    const [scanner, organizer] = [await join(ada, organization, 'scanner'), await join(ada, organization, 'organizer')];
    expect((await remove(scanner, organization, organizer.userId)).status).toBe(403);
    expect((await remove(stranger, organization, 'me')).status).toBe(403);
    expect((await remove(scanner, organization, 'me')).status).toBe(204);
    expect((await remove(organizer, organization, organizer.userId)).status).toBe(204);
    expect((await remove(organizer, organization, 'me')).status).toBe(403);
  });
});

describe('renaming', () => {
  it('is for owners, and leaves the slug', async () => {
    const ada = await person();
    const organization = await found(ada);
    const organizer = await join(ada, organization, 'organizer');
    const rename = (as: Person, body: object) => call(as, 'PATCH', `/organizations/${organization}`, body);
    expect((await rename(organizer, { name: 'Rock Club' })).status).toBe(403);
    const { body } = await rename(ada, { name: 'Rock Club' });
    expect(body).toMatchObject({
      id: organization,
      name: 'Rock Club',
      slug: expect.stringMatching(/^club-/),
      role: 'owner',
    });
    expect((await rename(ada, {})).body).toEqual(body);
    expect((await rename(ada, { slug: 'other' })).status).toBe(422);
    expect((await call(organizer, 'GET', '/organizations')).body.data[0].name).toBe('Rock Club');
  });
});

describe('where answers to the mails of an organization go', () => {
  const set = (as: Person, organization: string, contactEmail: string | null) =>
    call(as, 'PATCH', `/organizations/${organization}`, { contactEmail });
  const organizerOfMails = async (organization: string) => {
    const [row] = await api.db.database.asTenant(organization, (transaction) =>
      transaction.query<{ organizer: object }>(`select ${organizerOf('$1::uuid')} as organizer`, [organization]),
    );
    return row?.organizer;
  };

  it('is the confirmed address of one of its people, and of nobody else', async () => {
    const [ada, stranger] = await Promise.all([person(), person()]);
    const organization = await found(ada);
    const grace = await join(ada, organization, 'organizer');
    await api.db.asOwner('update users set email_verified_at = now() where id = $1', [grace.userId]);
    await api.db.asOwner('update users set email_verified_at = null where id = $1', [ada.userId]);
    for (const email of [stranger.email, ada.email, 'nobody@example.org']) {
      const refused = await set(ada, organization, email);
      expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([422, 'contactEmail']);
    }
    expect(await organizerOfMails(organization)).toEqual({ name: 'Jazz Club', replyTo: null });
    const { body } = await set(ada, organization, grace.email.toUpperCase());
    expect(body.contactEmail).toBe(grace.email);
    expect((await call(ada, 'PATCH', `/organizations/${organization}`, {})).body.contactEmail).toBe(grace.email);
    expect(await organizerOfMails(organization)).toEqual({ name: 'Jazz Club', replyTo: grace.email });
    expect((await set(grace, organization, grace.email)).status).toBe(403);
    expect((await set(ada, organization, null)).body.contactEmail).toBeNull();
  });

  it('is nowhere any more when that person leaves or the address is not confirmed any more', async () => {
    const ada = await person();
    const organization = await found(ada);
    const grace = await join(ada, organization, 'organizer');
    await api.db.asOwner('update users set email_verified_at = now() where id = $1', [grace.userId]);
    await set(ada, organization, grace.email);
    await api.db.asOwner('update users set email_verified_at = null where id = $1', [grace.userId]);
    expect(await organizerOfMails(organization)).toMatchObject({ replyTo: null });
    await api.db.asOwner('update users set email_verified_at = now() where id = $1', [grace.userId]);
    expect(await organizerOfMails(organization)).toMatchObject({ replyTo: grace.email });
    await remove(ada, organization, grace.userId);
    expect(await organizerOfMails(organization)).toMatchObject({ replyTo: null });
  });

  it('stands in the audit log as changed, without the address', async () => {
    const ada = await person();
    const organization = await found(ada);
    await api.db.asOwner('update users set email_verified_at = now() where id = $1', [ada.userId]);
    await set(ada, organization, ada.email);
    const [entry] = await api.db.asOwner<{ detail: object }>(
      `select detail from audit_log_entries where tenant_id = $1 and action = 'organization.updated'`,
      [organization],
    );
    expect(entry!.detail).toEqual({ contactEmail: {} });
  });
});

describe('open invitations', () => {
  const list = (as: Person, organization: string, query = '') =>
    call(as, 'GET', `/organizations/${organization}/invitations${query}`);
  const revoke = (as: Person, organization: string, id: string) =>
    call(as, 'DELETE', `/organizations/${organization}/invitations/${id}`);

  it('are listed for owners until they end, page by page', async () => {
    const [ada, grace] = await Promise.all([person(), person()]);
    const organization = await found(ada);
    const sent = [];
    for (const email of ['a@example.org', 'b@example.org', 'c@example.org', 'd@example.org'])
      sent.push((await invite(ada, organization, email)).body);
    const used = (await invite(ada, organization, grace.email)).body;
    await accept(grace, used.id);
    await api.db.asOwner('update invitations set expires_at = now() where id = $1', [sent[0].id]);
    const first = await list(ada, organization, '?limit=2');
    const second = await list(ada, organization, `?limit=2&cursor=${first.body.nextCursor}`);
    expect([...first.body.data, ...second.body.data]).toEqual(sent.slice(1));
    expect(second.body.nextCursor).toBeNull();
    expect((await list(grace, organization)).status).toBe(403);
  });

  it('can be taken back; then they let nobody in', async () => {
    const [ada, grace, other] = await Promise.all([person(), person(), person()]);
    const organization = await found(ada);
    const { body } = await invite(ada, organization, grace.email);
    expect((await revoke(other, await found(other), body.id)).status).toBe(404);
    expect((await revoke(ada, organization, body.id)).status).toBe(204);
    expect((await revoke(ada, organization, body.id)).status).toBe(204);
    expect((await accept(grace, body.id)).body.code).toBe('invitation-ended');
    expect((await list(ada, organization)).body.data).toEqual([]);
  });
});

describe('payment-service', () => {
  const path = (userId: string) => `/internal/users/${userId}/organizations`;

  it('is told where a person has which role, until the role ends', async () => {
    const [ada, bob] = [await person(), await person()];
    const [hers, his] = [await found(ada), await found(bob)];
    const { body } = await invite(bob, his, ada.email, 'scanner');
    await accept(ada, body.id);
    const told = await api.callInternally(path(ada.userId), 'payment-service');
    expect(told.status).toBe(200);
    expect(told.body.data).toEqual(
      [
        { id: hers, role: 'owner' },
        { id: his, role: 'scanner' },
      ].sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
    await remove(bob, his, ada.userId);
    expect((await api.callInternally(path(ada.userId), 'payment-service')).body.data).toHaveLength(1);
    expect((await api.callInternally(path(uuidv7()), 'payment-service')).body).toEqual({ data: [] });
  });

  it('alone may ask', async () => {
    expect((await api.callInternally(path(uuidv7()), 'api-gateway')).status).toBe(403);
  });
});
