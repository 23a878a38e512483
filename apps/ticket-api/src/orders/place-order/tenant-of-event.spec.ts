import { describe, expect, it } from '@jest/globals';
import type { ResourceAccess } from '../../authorization/authorization.module.js';
import { TenantOfEvent } from './tenant-of-event.js';

type Answer = () => Promise<{ tenantId: string } | null>;

/** Counts how often it is asked; answers come from `next`. */
function observed(next: Answer) {
  const access = { asked: 0, next, locate: () => ((access.asked += 1), access.next()) };
  return { access, tenants: new TenantOfEvent(access as unknown as ResourceAccess) };
}

describe('the tenant of an event', () => {
  it('is asked for once, by all who want to know at the same moment and later', async () => {
    const { access, tenants } = observed(async () => ({ tenantId: 't' }));
    expect(await Promise.all([tenants.find('e'), tenants.find('e')])).toEqual(['t', 't']);
    expect(await tenants.find('e')).toBe('t');
    expect(access.asked).toBe(1);
  });

  it('that was not there is asked for again, and so is one that could not be asked for', async () => {
    const { access, tenants } = observed(async () => null);
    expect(await tenants.find('e')).toBeUndefined();
    access.next = () => Promise.reject(new Error('away'));
    await expect(tenants.find('e')).rejects.toThrow('away');
    access.next = async () => ({ tenantId: 't' });
    expect(await tenants.find('e')).toBe('t');
    expect(access.asked).toBe(3);
  });
});
