import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sumUp, type Counted } from './sum-up.js';

const types = ['a', 'b'].map((ticketTypeId) => ({ ticketTypeId, name: ticketTypeId.toUpperCase() }));
const at = (hour: number) => `2030-06-01T${hour}:00:00.000Z`;

describe('what is counted at the gates', () => {
  it('is added up by gate and by type, with those of which nothing was sold', () => {
    const entered = { ticketTypeId: 'a', entered: true, outside: 0 };
    expect(
      sumUp(
        [
          { ...entered, gate: 'North', tickets: 3, outside: 1, lastAt: at(18) },
          { ...entered, gate: null, tickets: 1, lastAt: at(20) },
          { ticketTypeId: 'a', entered: false, gate: null, tickets: 5, outside: 0, lastAt: null },
        ],
        types,
      ),
    ).toEqual({
      sold: 9,
      admitted: 4,
      inside: 3,
      byGate: [
        { gate: null, admitted: 1, lastAt: at(20) },
        { gate: 'North', admitted: 3, lastAt: at(18) },
      ],
      byTicketType: [
        { ticketTypeId: 'a', name: 'A', sold: 9, admitted: 4 },
        { ticketTypeId: 'b', name: 'B', sold: 0, admitted: 0 },
      ],
    });
  });

  it('is the same sum in whichever way it is added up', () => {
    const counted: fc.Arbitrary<Counted> = fc
      .record({
        ticketTypeId: fc.constantFrom('a', 'b'),
        entered: fc.boolean(),
        gate: fc.option(fc.constantFrom('N', 'S')),
        tickets: fc.nat(1000),
        outside: fc.nat(1000),
      })
      .map((one) => ({
        ...one,
        gate: one.entered ? one.gate : null,
        outside: one.entered ? Math.min(one.outside, one.tickets) : 0,
        lastAt: one.entered ? at(18) : null,
      }));
    fc.assert(
      fc.property(fc.array(counted), (all) => {
        const sums = sumUp(all, types);
        const add = (list: { admitted: number }[]) => list.reduce((sum, { admitted }) => sum + admitted, 0);
        expect(add(sums.byGate)).toBe(sums.admitted);
        expect(add(sums.byTicketType)).toBe(sums.admitted);
        expect(sums.inside).toBeLessThanOrEqual(sums.admitted);
        expect(sums.admitted).toBeLessThanOrEqual(sums.sold);
      }),
    );
  });
});
