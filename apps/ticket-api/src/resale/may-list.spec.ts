import { describe, expect, it } from '@jest/globals';
import { mayList, type ListingFacts } from './may-list.js';

const facts: ListingFacts = { status: 'valid', isOpen: true, isPayers: true, isPaid: true, paid: 4500, price: 4500 };

describe('a ticket that may be given back for resale', () => {
  it('is valid, paid for by who holds it, and sells for no less than was paid', () => {
    expect(mayList(facts)).toEqual({ granted: true });
    expect(mayList({ ...facts, price: 5000 })).toEqual({ granted: true });
  });

  it.each([
    [{ isPayers: false, status: 'void' }, 'ticket-transferred'],
    [{ status: 'listed' }, 'ticket-listed'],
    [{ status: 'void' }, 'ticket-void'],
    [{ status: 'frozen' }, 'ticket-frozen'],
    [{ status: 'checked_in' }, 'ticket-checked-in'],
    [{ isOpen: false }, 'resale-closed'],
    [{ isPaid: false }, 'not-resalable'],
    [{ paid: 0 }, 'not-resalable'],
    [{ price: 4499 }, 'face-value'],
  ] as const)('is none with %j: %s', (given, code) => {
    expect(mayList({ ...facts, ...given })).toEqual({ granted: false, code });
  });
});
