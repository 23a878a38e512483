import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiKey } from '@app/auth';
import { ApiScope, operations, type Operation, type ResourceRule, type Role, type Scope } from '@app/contracts';
import {
  hasScopes,
  idOf,
  isKey,
  judgeMatrix,
  type MatrixCaller,
  type MatrixTarget,
  type MatrixTenant,
  type Verdict,
} from '@app/testing';
import { v7 as uuid } from 'uuid';
import { AdministrationModule } from '../administration/administration.module.js';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { DevicesModule } from '../devices/devices.module.js';
import { OfflineGatesModule } from '../offline-gates/offline-gates.module.js';
import { AuditLogReadingModule } from '../audit-log/audit-log.module.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { CheckInModule } from '../check-in/check-in.module.js';
import { ErasureModule } from '../erasure/erasure.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { MailLogModule } from '../mail-log/mail-log.module.js';
import { MailPreferencesModule } from '../mail-preferences/mail-preferences.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { OrganizationsModule } from '../organizations/organizations.module.js';
import { openTicketApi, type TicketApi } from '../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, addTickets } from '../testing/seed.js';
import { PersonalDataModule } from '../personal-data/personal-data.module.js';
import { ResaleModule } from '../resale/resale.module.js';
import { TicketsModule } from '../tickets/tickets.module.js';
import { WaitingListModule } from '../waiting-list/waiting-list.module.js';
import { TransfersModule } from '../transfers/transfers.module.js';

/**
 * The authorisation matrix of ticket-api: every operation of the contract, asked for by every role of three organizations
 * (ours, another's, a suspended one), as a person, as a key, as nobody and with a forged token. What is expected is told
 * here a second time, from the rule on the route and from who the caller is; the code under test is not asked.
 *
 * A call that is allowed sends a body that does not fit (422) and changes nothing; one that takes no body and would
 * change something is left to the spec of its feature.
 */
interface Target extends MatrixTarget {
  isPublic: boolean;
  scannerId: string;
}

const ADMIN = 'admin@example.org';
const features = [
  ...[IdentityModule, OrganizationsModule, ApiKeysModule, AdministrationModule, AuditLogReadingModule],
  ...[CatalogueModule, OrdersModule, TicketsModule, TransfersModule, CheckInModule, ErasureModule, PersonalDataModule],
  ...[WaitingListModule, ResaleModule],
  ...[MailPreferencesModule, MailLogModule],
  ...[DevicesModule, OfflineGatesModule],
];
const handled: readonly Operation[] = operations.filter(({ service }) => service === 'ticket-api');

let api: TicketApi;
const callers: MatrixCaller[] = [];
const targets: Target[] = [];

beforeAll(async () => {
  const ids = handled.map(({ id }) => id);
  api = await openTicketApi(features, ids, { platformAdmins: [ADMIN] });
  callers.push({ name: 'nobody', as: null }, { name: 'a forged token', as: null, isForged: true });
  callers.push({ name: 'a stranger', as: await addPerson(api.db) });
  callers.push({ name: 'the administrator', as: { ...(await addPerson(api.db)), email: ADMIN }, isAdmin: true });
  for (const tenant of ['ours', 'theirs', 'suspended'] as const) await seed(tenant);
});
afterAll(() => api.close());

async function seed(tenant: MatrixTenant): Promise<void> {
  const [owner, organizer, scanner, buyer] = [
    await addPerson(api.db),
    await addPerson(api.db),
    await addPerson(api.db),
    await addPerson(api.db),
  ];
  const tenantId = await addOrganization(api.db, { owner, organizer, scanner });
  const [event, draft] = [await addEvent(api.db, tenantId), await addEvent(api.db, tenantId, { status: 'draft' })];
  const { orderId, ticketIds } = await addTickets(api.db, event, buyer);
  const invitationId = uuid();
  await api.db.asOwner(
    `insert into invitations (id, tenant_id, email, role, invited_by, expires_at) values ($1, $2, $3, 'owner', $4, now() + interval '1 day')`,
    [invitationId, tenantId, `${invitationId}@example.org`, owner.userId],
  );
  callers.push({ name: `the buyer of ${tenant}`, as: buyer });
  for (const [role, as] of Object.entries({ owner, organizer, scanner }))
    callers.push({ name: `the ${role} of ${tenant}`, as, tenant, role: role as Role });
  for (const scopes of [ApiScope.options, []] satisfies Scope[][]) {
    const as: ApiKey = { keyId: uuid(), tenantId, name: 'Shop', scopes };
    callers.push({ name: `a key of ${tenant} with ${scopes.length} scopes`, as, tenant, role: 'organizer' });
  }
  const isSuspended = tenant === 'suspended';
  if (isSuspended) {
    await api.db.asOwner(
      `update organizations set suspended_at = now(), suspended_by = $2, suspension_reason = 'x' where tenant_id = $1`,
      [tenantId, owner.userId],
    );
    await api.db.asOwner('update events set suspended = true where tenant_id = $1', [tenantId]);
  }
  const transferId = uuid();
  await api.db.asOwner(
    `insert into transfers (id, tenant_id, ticket_id, event_id, from_user, to_email, holder_version, expires_at)
     values ($1, $2, $3, $4, $5, $6, 1, now() + interval '1 day')`,
    [transferId, tenantId, ticketIds[0], event.eventId, buyer.userId, `${transferId}@example.org`],
  );
  const params = {
    transferId,
    organizationId: tenantId,
    orderId,
    ticketId: ticketIds[0]!,
    invitationId,
    id: invitationId,
  };
  const people = { buyerId: buyer.userId, scannerId: scanner.userId };
  for (const { eventId, typeId, isPublic, name } of [
    { ...event, isPublic: !isSuspended, name: tenant },
    { ...draft, isPublic: false, name: `a draft of ${tenant}` },
  ])
    targets.push({
      name,
      tenant,
      isPublic,
      params: {
        ...params,
        eventId,
        typeId,
        sessionId: uuid(),
        keyId: uuid(),
        identityId: uuid(),
        gateId: uuid(),
        entryId: uuid(),
        deviceId: uuid(),
      },
      ...people,
    });
}

const userIn = ({ path }: Operation, { buyerId, scannerId }: Target) =>
  path.includes('/members/') ? scannerId : buyerId;

const organizing: ResourceRule = { resource: 'organization', param: 'organizationId', anyOf: ['organizer', 'owner'] };
const organizes = ({ role }: MatrixCaller) => role === 'organizer' || role === 'owner';

/** Rules that a handler judges itself, because they are about the body, the person, or more than one resource. */
const inside: Record<string, (op: Operation, caller: MatrixCaller, target: Target) => Verdict> = {
  createEvent: (op, caller, target) => byRule(organizing, op, caller, target),
  acceptInvitation: () => 'not-found',
  endSession: () => 'not-found',
  leaveWaitingList: () => 'not-found',
  getTransfer: (_, caller, target) => ofGiver(caller, target, 'allowed'),
  acceptTransfer: (_, caller, target) => ofGiver(caller, target, 'forbidden'),
  declineTransfer: (_, caller, target) => ofGiver(caller, target, 'forbidden'),
  withdrawTransfer: (_, caller, target) => ofGiver(caller, target, 'allowed'),
  listBookingsOfUser: (_, caller, target) => ofPerson(caller, target),
  listTicketsOfUser: (_, caller, target) => ofPerson(caller, target),
  listTicketsOfUserAndEvent: (op, caller, target) => {
    if (idOf(caller) !== target.buyerId)
      return byRule({ ...organizing, resource: 'event', param: 'eventId' }, op, caller, target);
    return target.isPublic || !target.name.startsWith('a draft') ? 'allowed' : 'not-found';
  },
};
/** Offers here are the buyer's, to somebody who is not here. */
const ofGiver = (caller: MatrixCaller, { buyerId }: Target, verdict: Verdict): Verdict =>
  idOf(caller) === buyerId ? verdict : 'not-found';
const ofPerson = (caller: MatrixCaller, { buyerId }: Target): Verdict =>
  idOf(caller) === buyerId || organizes(caller) ? 'allowed' : 'forbidden';

function expected(op: Operation, caller: MatrixCaller, target: Target): Verdict {
  const { as, isForged, isAdmin } = caller;
  if (isForged) return 'unauthenticated';
  const isInScope = hasScopes(op, as);
  if (op.access === 'anyone') {
    const isMember = caller.tenant === target.tenant && isInScope;
    if (!op.path.includes(':eventId') || target.isPublic) return 'allowed';
    if (isMember && isKey(as) && target.tenant === 'suspended') return 'suspended';
    return isMember ? 'allowed' : 'not-found';
  }
  if (as === null) return 'unauthenticated';
  if (!isInScope) return 'forbidden';
  if (op.access === 'admin') return isAdmin ? 'allowed' : 'forbidden';
  if (op.access === 'person') return inside[op.id]?.(op, caller, target) ?? 'allowed';
  return byRule(op.access, op, caller, target);
}

function byRule(
  { resource, anyOf, evenSuspended }: ResourceRule,
  op: Operation,
  caller: MatrixCaller,
  target: Target,
): Verdict {
  const role = caller.tenant === target.tenant ? caller.role : undefined;
  const self = {
    order: target.buyerId,
    ticket: target.buyerId,
    history: target.buyerId,
    organization: op.path.includes(':userId') && role ? userIn(op, target) : undefined,
    event: undefined,
  }[resource];
  const isSelf = self !== undefined && idOf(caller) === self;
  if (isSelf && anyOf.includes('self')) return 'allowed';
  const isStopped = target.tenant === 'suspended' && role !== undefined;
  if (isStopped && isKey(caller.as)) return 'suspended';
  if (role && anyOf.includes(role)) return isStopped && op.method !== 'GET' && !evenSuspended ? 'suspended' : 'allowed';
  const isKnown = {
    organization: true,
    event: target.isPublic || role !== undefined,
    order: false,
    ticket: false,
    history: false,
  };
  return isKnown[resource] || isSelf ? 'forbidden' : 'not-found';
}

const newEvent = ({ params }: Target) => ({
  ...{ organizationId: params.organizationId, title: 'Jazz', venue: { name: 'Hall' }, timezone: 'UTC' },
  ...{ startsAt: '2099-05-01T18:00:00Z', endsAt: '2099-05-01T21:00:00Z' },
});
const bodyOf = (op: Operation, target: Target) =>
  op.id === 'createEvent' ? newEvent(target) : op.body ? { nonsense: true } : undefined;
/** Whether asking about this one too says more than the others. */
function isAbout({ id, path }: Operation, { name, tenant }: Target): boolean {
  // What is theirs is to us what ours is to them.
  if (name !== 'ours' && name !== 'suspended' && name !== 'a draft of ours') return false;
  if (name.startsWith('a draft')) return path.includes(':eventId');
  return tenant === 'ours' || path.includes(':') || id === 'createEvent';
}

/** They ask services that are not here. */
const ASKING_OTHERS = new Set(['exportPersonalData', 'listMailsOfOrder', 'listMailsOfEvent']);
/** It would change something, and no body can hold it back; a stream has no end. */
const changes = ({ id, method, body, stream }: Operation) =>
  stream !== undefined || id === 'createEvent' || ASKING_OTHERS.has(id) || (method !== 'GET' && !body);

/** A cancellation that there is none of; a link that we did not make. */
const NEED_NOT_BE = new Set(['getResale', 'getCancellation', 'showUnsubscribe']);

describe('the authorisation matrix', () => {
  it('holds for every operation, caller and organization; who is refused changes nothing and learns no id', async () => {
    const { faults, asked } = await judgeMatrix({
      ...{ db: api.db, service: api, operations: handled, callers, targets, isAbout, expected, bodyOf },
      isAsked: (op, wanted) => wanted !== 'allowed' || !changes(op),
      paramsOf: (op, target) => ({ userId: userIn(op, target) }),
      isAsGood: ({ id }, wanted, got) => NEED_NOT_BE.has(id) && wanted === 'allowed' && got === 'not-found',
    });
    expect(faults).toEqual([]);
    expect(asked).toBeGreaterThan(1_500);
  }, 120_000);
});
