import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { settle, type ListedTicket } from './settlement.js';

const listed = (id: string, over: ListedTicket['over'] = null): ListedTicket => ({ id, over });
const ids = ({ sold, returned }: ReturnType<typeof settle>) => ({
  sold: sold.map(({ id }) => id),
  returned: returned.map(({ id }) => id),
});

describe('a listing', () => {
  it('is sold when more is paid and listed than there is, the oldest first, and a hold is no payment', () => {
    const listings = [listed('a'), listed('b')];
    const of = (taken: number, held: number) => ids(settle({ capacity: 10, taken, held, listed: 2 }, listings)).sold;
    expect([of(8, 0), of(10, 2), of(9, 0), of(10, 1), of(10, 0)]).toEqual([[], [], ['a'], ['a'], ['a', 'b']]);
  });

  it('goes back when its time is over and a unit is free for it, the newest first', () => {
    const listings = [listed('a', 'unsold'), listed('b', 'unsold'), listed('c', 'unsold')];
    expect(ids(settle({ capacity: 10, taken: 8, held: 1, listed: 3 }, listings))).toEqual({
      sold: [],
      returned: ['c', 'b'],
    });
    expect(ids(settle({ capacity: 10, taken: 10, held: 3, listed: 3 }, listings))).toEqual({ sold: [], returned: [] });
    expect(ids(settle({ capacity: 10, taken: 9, held: 0, listed: 3 }, listings))).toEqual({
      sold: ['a', 'b'],
      returned: ['c'],
    });
  });
});

type Deed = 'list' | 'hold' | 'pay' | 'let go' | 'withdraw' | 'refund' | 'settle';
const anyDeeds = fc.array(fc.constantFrom<Deed>('list', 'hold', 'pay', 'let go', 'withdraw', 'refund', 'settle'), {
  maxLength: 60,
});

/** A type of which everything or less is sold: who has a ticket, who holds one, whose is listed, who has the money back. */
function play(capacity: number, paidAtFirst: number) {
  const state = {
    tickets: paidAtFirst,
    held: 0,
    listed: [] as string[],
    bought: paidAtFirst,
    paidBack: 0,
    sellersPaid: 0,
    next: 0,
  };
  const taken = () => state.tickets + state.held;
  const work = (over: ListedTicket['over'] = null) => {
    const stock = { capacity, taken: taken(), held: state.held, listed: state.listed.length };
    const { sold, returned } = settle(
      stock,
      state.listed.map((id) => listed(id, over)),
    );
    state.listed = state.listed.filter((id) => ![...sold, ...returned].some((each) => each.id === id));
    state.sellersPaid += sold.length;
    state.tickets += returned.length;
  };
  const acts: Record<Deed, () => void> = {
    list: () => {
      if (state.tickets === 0) return;
      state.tickets -= 1;
      state.listed.push(String((state.next += 1)));
    },
    hold: () => void (taken() < capacity && (state.held += 1)),
    pay: () => {
      if (state.held === 0) return;
      state.held -= 1;
      state.tickets += 1;
      state.bought += 1;
    },
    'let go': () => void (state.held > 0 && (state.held -= 1)),
    withdraw: () => {
      if (state.listed.length === 0 || taken() >= capacity) return;
      state.listed.pop();
      state.tickets += 1;
    },
    refund: () => {
      if (state.tickets === 0) return;
      state.tickets -= 1;
      state.paidBack += 1;
    },
    settle: () => work(),
  };
  return { state, taken, work, act: (deed: Deed) => acts[deed]() };
}

describe('whatever people list, hold, pay, let go, withdraw and give back', () => {
  it('nobody pays for nothing, no seat is sold twice, and every seller has the ticket or the money once the holds are over', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(8), anyDeeds, (capacity, paid, deeds) => {
        const { state, taken, work, act } = play(capacity, Math.min(paid, capacity));
        for (const deed of deeds) {
          act(deed);
          expect(taken()).toBeLessThanOrEqual(capacity);
          // Each who paid has a ticket, or a listed one, or the money.
          expect(state.tickets + state.listed.length + state.paidBack + state.sellersPaid).toBe(state.bought);
        }
        while (state.held > 0) act('let go');
        work('unsold');
        expect(state.listed).toEqual([]);
        expect(state.tickets).toBeLessThanOrEqual(capacity);
      }),
    );
  });

  it('no seller is paid before somebody else has paid for a unit that there would not be without the listing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), anyDeeds, (capacity, deeds) => {
        const { state, act } = play(capacity, capacity);
        for (const deed of deeds) {
          act(deed);
          expect(state.sellersPaid).toBeLessThanOrEqual(state.bought - capacity);
        }
      }),
    );
  });
});
