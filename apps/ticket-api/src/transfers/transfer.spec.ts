import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  MOST_OFFERS,
  partOf,
  refuseOffer,
  toTransfer,
  type Offer,
  type OfferedTicket,
  type StoredTransfer,
} from './transfer.js';

const offer: Offer = {
  ticket: { status: 'valid', holderId: 'ada', holderVersion: 1 },
  event: { isClosed: false, isAllowed: true },
  by: { userId: 'ada', email: 'ada@example.org' },
  to: 'bob@example.org',
  isPending: false,
  offersBefore: 0,
};
const ticket = (change: Partial<OfferedTicket>) => ({ ...offer.ticket, ...change });

describe('a ticket may be offered', () => {
  it('by its holder, while it is valid and the event lets it go', () => {
    expect(refuseOffer(offer)).toBeUndefined();
    expect(refuseOffer({ ...offer, offersBefore: MOST_OFFERS - 1 })).toBeUndefined();
  });

  it.each([
    ['by who holds it no more', { ticket: ticket({ holderId: 'bob', status: 'void' }) }, 'not-found'],
    ['that was given back', { ticket: ticket({ status: 'void' }), isPending: true }, 'ticket-void'],
    ['that was used', { ticket: ticket({ status: 'checked_in' }), isPending: true }, 'ticket-checked-in'],
    ['that is frozen', { ticket: ticket({ status: 'frozen' }) }, 'ticket-frozen'],
    ['of an event that is over', { event: { isClosed: true, isAllowed: true } }, 'transfers-closed'],
    ['where the organizer does not want it', { event: { isClosed: false, isAllowed: false } }, 'transfers-closed'],
    ['to oneself', { to: 'ada@example.org', isPending: true }, 'to-oneself'],
    ['that is offered already', { isPending: true, offersBefore: MOST_OFFERS }, 'transfer-pending'],
    ['that was offered too often', { offersBefore: MOST_OFFERS }, 'limit-exceeded'],
  ] as const)('but not %s', (_, change, refusal) => {
    expect(refuseOffer({ ...offer, ...change })).toBe(refusal);
  });

  it('never unless everything speaks for it', () => {
    fc.assert(
      fc.property(
        fc.record({
          ticket: fc.record({
            status: fc.constantFrom('valid', 'checked_in', 'void', 'frozen'),
            holderId: fc.constantFrom('ada', 'bob'),
            holderVersion: fc.integer({ min: 1, max: 9 }),
          }),
          event: fc.record({ isClosed: fc.boolean(), isAllowed: fc.boolean() }),
          by: fc.constant(offer.by),
          to: fc.constantFrom('ada@example.org', 'bob@example.org'),
          isPending: fc.boolean(),
          offersBefore: fc.integer({ min: 0, max: 2 * MOST_OFFERS }),
        }),
        (given: Offer) => {
          const isFine =
            given.ticket.status === 'valid' &&
            given.ticket.holderId === 'ada' &&
            !given.event.isClosed &&
            given.event.isAllowed &&
            given.to !== given.by.email &&
            !given.isPending &&
            given.offersBefore < MOST_OFFERS;
          expect(refuseOffer(given) === undefined).toBe(isFine);
        },
      ),
    );
  });
});

const stored: StoredTransfer = {
  ...{ id: 'x', ticketId: 't', eventId: 'e', holderVersion: 1, status: 'pending', reason: null, endedAt: null },
  ...{ from: { id: 'ada', name: 'Ada' }, email: 'bob@example.org', to: null },
  ...{ expiresAt: new Date(7), createdAt: new Date(1) },
};

describe('of a transfer', () => {
  it.each([
    ['who made it is the giver', 'ada', 'ada@example.org', true, 'giver'],
    ['who has proven the e-mail is the addressee', 'bob', 'bob@example.org', true, 'addressee'],
    ['who says that the e-mail is theirs is unproven', 'eve', 'bob@example.org', false, 'unproven'],
    ['anybody else has no part', 'eve', 'eve@example.org', true, 'none'],
  ])('%s', (_, userId, email, isVerified, part) => {
    expect(partOf(stored, { userId, email, isVerified })).toBe(part);
  });

  it('who took it stays its addressee when the address is gone', () => {
    const taken: StoredTransfer = { ...stored, status: 'accepted', email: null, to: { id: 'bob', name: 'Bob' } };
    expect(partOf(taken, { userId: 'bob', email: 'new@example.org', isVerified: false })).toBe('addressee');
  });

  it('nobody without an e-mail takes the part of somebody who was erased', () => {
    fc.assert(
      fc.property(fc.string(), fc.boolean(), (email, isVerified) => {
        expect(partOf({ ...stored, email: null }, { userId: 'eve', email, isVerified })).toBe('none');
      }),
    );
  });

  it('as much is shown as the sight allows', () => {
    expect(toTransfer(stored)).toMatchObject({ email: 'bob@example.org', from: { name: 'Ada' } });
    expect(toTransfer(stored, 'masked')).toMatchObject({ email: 'b***@example.org', from: { name: 'Ada' } });
    expect(toTransfer({ ...stored, email: null }, 'masked')).toMatchObject({ email: null });
    expect(JSON.stringify(toTransfer(stored, 'bare'))).not.toMatch(/bob|ada/i);
  });
});
