import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allocate, freeOf, type AllocationRequest, type Stock } from './allocation.js';

const nobody = { buyerId: 'b', holds: 0, units: new Map<string, number>() };
const type = (id: string, more: Partial<Stock['types'][number]> = {}) => ({
  ticketTypeId: id,
  counterId: `counter-${id}`,
  onSale: true,
  maxPerOrder: 10,
  maxPerBuyer: null,
  ...more,
});
const stockOf = (capacity: number, more: Partial<Stock['types'][number]> = {}): Stock => ({
  counters: [{ id: 'counter-a', capacity, taken: 0, awaited: 0 }],
  types: [type('a', more)],
  maxHoldsPerBuyer: 0,
});
const ask = (quantity: number, buyerId = 'b'): AllocationRequest => ({
  holdings: { ...nobody, buyerId },
  lines: [{ ticketTypeId: 'a', quantity }],
});

describe('allocation', () => {
  it('serves requests in arrival order until the stock is gone', () => {
    const outcomes = allocate([ask(2, 'x'), ask(2, 'y'), ask(2, 'z')], stockOf(4));
    expect(outcomes.map((outcome) => outcome.accepted)).toEqual([true, true, false]);
    expect(outcomes[2]).toEqual({
      accepted: false,
      code: 'sold-out',
      available: [{ ticketTypeId: 'a', available: 0 }],
    });
  });

  it('a refused request leaves its stock to the next one', () => {
    expect(allocate([ask(5, 'x'), ask(4, 'y')], stockOf(4)).map((outcome) => outcome.accepted)).toEqual([false, true]);
  });

  it('gives all lines of an order or none', () => {
    const stock: Stock = {
      counters: [
        { id: 'counter-a', capacity: 5, taken: 0, awaited: 0 },
        { id: 'counter-b', capacity: 1, taken: 1, awaited: 0 },
      ],
      types: [type('a'), type('b')],
      maxHoldsPerBuyer: 0,
    };
    const both = {
      holdings: nobody,
      lines: [
        { ticketTypeId: 'a', quantity: 1 },
        { ticketTypeId: 'b', quantity: 1 },
      ],
    };
    const [first, second] = allocate([both, { holdings: nobody, lines: [{ ticketTypeId: 'a', quantity: 5 }] }], stock);
    expect(first).toMatchObject({ accepted: false, code: 'sold-out', available: [{ available: 5 }, { available: 0 }] });
    expect(second).toMatchObject({ accepted: true });
  });

  it('types that share a counter cannot take more than it has together', () => {
    const stock: Stock = {
      counters: [{ id: 'pool', capacity: 3, taken: 0, awaited: 0 }],
      types: [type('a', { counterId: 'pool' }), type('b', { counterId: 'pool' })],
      maxHoldsPerBuyer: 0,
    };
    const both = {
      holdings: nobody,
      lines: [
        { ticketTypeId: 'a', quantity: 2 },
        { ticketTypeId: 'b', quantity: 2 },
      ],
    };
    expect(allocate([both], stock)[0]).toMatchObject({ accepted: false, code: 'sold-out' });
  });

  it.each([
    ['more than one order may have', stockOf(100, { maxPerOrder: 3 }), [ask(4)], 'maxPerOrder'],
    [
      'more than one buyer may have, over several orders of one batch',
      stockOf(100, { maxPerBuyer: 3 }),
      [ask(2), ask(2)],
      'maxPerBuyer',
    ],
    [
      'more open holds than a buyer may have',
      { ...stockOf(100), maxHoldsPerBuyer: 1 },
      [ask(1), ask(1)],
      'maxHoldsPerBuyer',
    ],
  ] as const)('refuses %s', (_rule, stock, requests, limit) => {
    expect(allocate(requests, stock).at(-1)).toMatchObject({ accepted: false, code: 'limit-exceeded', limit });
  });

  it("counts what the buyer has from before, and not the neighbour's", () => {
    const has = {
      holdings: { buyerId: 'b', holds: 0, units: new Map([['a', 2]]) },
      lines: [{ ticketTypeId: 'a', quantity: 2 }],
    };
    const outcomes = allocate([has, ask(2, 'neighbour')], stockOf(100, { maxPerBuyer: 3 }));
    expect(outcomes.map((outcome) => outcome.accepted)).toEqual([false, true]);
  });

  it('names the line whose type is not of this event, and the type that is not on sale', () => {
    expect(allocate([{ holdings: nobody, lines: [{ ticketTypeId: 'other', quantity: 1 }] }], stockOf(1))[0]).toEqual({
      accepted: false,
      code: 'unknown-ticket-type',
      line: 0,
    });
    expect(allocate([ask(1)], stockOf(1, { onSale: false }))[0]).toEqual({
      accepted: false,
      code: 'sales-closed',
      ticketTypeId: 'a',
    });
  });

  it('what people wait for is for nobody else, and never makes less than nothing free', () => {
    const counter = { id: 'counter-a', capacity: 10, taken: 6 };
    for (const [awaited, free] of [
      [0, 4],
      [3, 1],
      [4, 0],
      [9, 0],
    ] as const) {
      expect(freeOf({ ...counter, awaited })).toBe(free);
      const stock = { ...stockOf(10), counters: [{ ...counter, awaited }] };
      const [outcome] = allocate([ask(free + 1)], stock);
      expect(outcome).toMatchObject({ code: 'sold-out', available: [{ ticketTypeId: 'a', available: free }] });
      if (free > 0) expect(allocate([ask(free)], stock)[0]!.accepted).toBe(true);
    }
  });

  it('never takes more than the capacity, and refuses nobody for whom there is room', () => {
    const anyStock = fc.array(fc.record({ capacity: fc.nat(20), taken: fc.nat(20), awaited: fc.nat(20) }), {
      minLength: 1,
      maxLength: 4,
    });
    const anyRequests = fc.array(
      fc.uniqueArray(fc.record({ type: fc.nat(5), quantity: fc.integer({ min: 1, max: 6 }) }), {
        selector: (line) => line.type,
        minLength: 1,
        maxLength: 4,
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(anyStock, anyRequests, (counts, wishes) => {
        const counters = counts.map(({ capacity, taken, awaited }, index) => ({
          id: `c${index}`,
          capacity,
          taken: Math.min(taken, capacity),
          awaited,
        }));
        const types = Array.from({ length: 6 }, (_, index) =>
          type(`t${index}`, { counterId: `c${index % counters.length}` }),
        );
        const requests = wishes.map((lines, index) => ({
          holdings: { buyerId: `b${index}`, holds: 0, units: new Map<string, number>() },
          lines: lines.map((line) => ({ ticketTypeId: `t${line.type}`, quantity: line.quantity })),
        }));
        const free = new Map(counters.map((counter) => [counter.id, freeOf(counter)]));
        for (const [index, outcome] of allocate(requests, { counters, types, maxHoldsPerBuyer: 0 }).entries()) {
          const need = new Map<string, number>();
          for (const line of requests[index]!.lines) {
            const counter = types.find((one) => one.ticketTypeId === line.ticketTypeId)!.counterId;
            need.set(counter, (need.get(counter) ?? 0) + line.quantity);
          }
          const fits = [...need].every(([counter, units]) => units <= free.get(counter)!);
          expect(outcome.accepted).toBe(fits);
          if (fits) for (const [counter, units] of need) free.set(counter, free.get(counter)! - units);
          for (const left of free.values()) expect(left).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
