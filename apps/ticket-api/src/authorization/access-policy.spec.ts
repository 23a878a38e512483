import { describe, expect, it } from '@jest/globals';
import { operations, type Resource, type Role } from '@app/contracts';
import { decide, type Found, type Decision, type Rule } from './access-policy.js';

const resources: Resource[] = ['organization', 'event', 'order', 'ticket'];
const roles: (Role | null)[] = ['owner', 'organizer', 'scanner', null];
const parties: (Role | 'self')[] = ['owner', 'organizer', 'scanner', 'self'];
const anyOfs = Array.from({ length: 1 << parties.length }, (_, bits) => parties.filter((_, at) => bits & (1 << at)));
const both = [true, false];

const founds: Found[] = roles.flatMap((role) =>
  both.flatMap((isSelf) =>
    both.flatMap((isPublic) => both.map((isSuspended) => ({ tenantId: 't', role, isSelf, isPublic, isSuspended }))),
  ),
);
const matrix = resources.flatMap((resource) =>
  anyOfs.flatMap((anyOf) =>
    [{}, { evenSuspended: true as const }].flatMap((more) =>
      founds.map((found) => ({ rule: { resource, anyOf, ...more }, found })),
    ),
  ),
);

/** The rule told a second time, the other way round: from who the caller is. */
function expected({ resource, anyOf, evenSuspended }: Rule, found: Found): Decision {
  const is: (Role | 'self')[] = [];
  if (found.role) is.push(found.role);
  if (found.isSelf) is.push('self');
  const as = is.filter((party) => anyOf.includes(party));
  if (as.includes('self')) return 'allowed';
  if (as.length > 0) return found.isSuspended && !evenSuspended ? 'suspended' : 'allowed';
  if (found.isPublic || is.includes('self')) return 'forbidden';
  return resource === 'event' && is.length > 0 ? 'forbidden' : 'not-found';
}

describe('who may act on a resource', () => {
  it('holds for every combination of resource, rule, role, self and publicity', () => {
    expect(matrix).toHaveLength(4 * 16 * 2 * 4 * 2 * 2 * 2);
    expect(matrix.filter(({ rule, found }) => decide(rule, found) !== expected(rule, found))).toEqual([]);
  });

  it('what does not exist is not found, whoever asks', () => {
    const decisions = matrix.map(({ rule }) => decide(rule, null));
    expect(new Set(decisions)).toEqual(new Set(['not-found']));
  });

  it('a person with no part in it passes no rule of the contract', () => {
    const rules = operations.map(({ access }) => access).filter((access) => typeof access === 'object');
    expect(rules.length).toBeGreaterThan(10);
    for (const rule of rules) expect(decide(rule, stranger)).toBe('forbidden');
  });

  const stranger: Found = { tenantId: 't', role: null, isSelf: false, isPublic: true, isSuspended: false };
  const organizer = ['organizer', 'owner'] as const;

  it("a stranger's organizer call is forbidden on a published event, not found on a draft", () => {
    expect(decide({ resource: 'event', anyOf: organizer }, stranger)).toBe('forbidden');
    expect(decide({ resource: 'event', anyOf: organizer }, { ...stranger, isPublic: false })).toBe('not-found');
  });

  it('a scanner is told of a draft that only an organizer may change', () => {
    const draft: Found = { ...stranger, isPublic: false, role: 'scanner' };
    expect(decide({ resource: 'event', anyOf: organizer }, draft)).toBe('forbidden');
  });

  it("another person's order does not exist, also for a scanner; what only the organizer may do to one's own is forbidden", () => {
    const order: Found = { ...stranger, isPublic: false };
    expect(decide({ resource: 'order', anyOf: ['self'] }, order)).toBe('not-found');
    expect(decide({ resource: 'order', anyOf: organizer }, { ...order, role: 'scanner' })).toBe('not-found');
    expect(decide({ resource: 'order', anyOf: organizer }, { ...order, isSelf: true })).toBe('forbidden');
  });

  it('no role stands above another: a rule names everyone whom it lets in', () => {
    expect(decide({ resource: 'event', anyOf: ['organizer'] }, { ...stranger, role: 'owner' })).toBe('forbidden');
  });

  it('the staff of a suspended organization may do what a rule lets them do even then; a buyer what buyers may', () => {
    const owner: Found = { ...stranger, role: 'owner', isSuspended: true };
    expect(decide({ resource: 'event', anyOf: organizer }, owner)).toBe('suspended');
    expect(decide({ resource: 'event', anyOf: organizer, evenSuspended: true }, owner)).toBe('allowed');
    expect(decide({ resource: 'order', anyOf: ['self', 'owner'] }, { ...owner, isSelf: true })).toBe('allowed');
  });

  it('a suspended organization may admit, give back and see to what was paid, and nothing else', () => {
    const stays = operations.filter(({ access }) => typeof access === 'object' && access.evenSuspended);
    expect(stays.map(({ id }) => id).sort()).toEqual(
      [
        ...['cancelBooking', 'cancelEvent', 'refundBooking', 'refundOrder', 'returnTicket'],
        ...['checkOutTicket', 'undoCheckIn', 'uploadCheckins', 'revokeDevice'],
        ...['checkInTicket', 'checkInTicketAlias', 'validateTicket', 'recheckOrder', 'resendMail', 'revokeApiKey'],
      ].sort(),
    );
  });
});
