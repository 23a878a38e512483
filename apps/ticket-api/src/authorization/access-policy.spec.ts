import { describe, expect, it } from '@jest/globals';
import { operations, type Resource, type ResourceRule, type Role } from '@app/contracts';
import { decide, type Found, type Decision } from './access-policy.js';

const resources: Resource[] = ['organization', 'event', 'order', 'ticket'];
const roles: (Role | null)[] = ['owner', 'organizer', 'scanner', null];
const parties: (Role | 'self')[] = ['owner', 'organizer', 'scanner', 'self'];
const anyOfs = Array.from({ length: 1 << parties.length }, (_, bits) => parties.filter((_, at) => bits & (1 << at)));
const both = [true, false];

const founds: Found[] = roles.flatMap((role) =>
  both.flatMap((isSelf) => both.map((isPublic) => ({ tenantId: 't', role, isSelf, isPublic }))),
);
const matrix = resources.flatMap((resource) =>
  anyOfs.flatMap((anyOf) => founds.map((found) => ({ rule: { resource, anyOf }, found }))),
);

/** The rule told a second time, the other way round: from who the caller is. */
function expected({ resource, anyOf }: Pick<ResourceRule, 'resource' | 'anyOf'>, found: Found): Decision {
  const is: (Role | 'self')[] = [];
  if (found.role) is.push(found.role);
  if (found.isSelf) is.push('self');
  if (is.some((party) => anyOf.includes(party))) return 'allowed';
  if (found.isPublic || is.includes('self')) return 'forbidden';
  return resource === 'event' && is.length > 0 ? 'forbidden' : 'not-found';
}

describe('who may act on a resource', () => {
  it('holds for every combination of resource, rule, role, self and publicity', () => {
    expect(matrix).toHaveLength(4 * 16 * 4 * 2 * 2);
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

  const stranger: Found = { tenantId: 't', role: null, isSelf: false, isPublic: true };
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
});
