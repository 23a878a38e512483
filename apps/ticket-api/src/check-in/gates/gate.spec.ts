import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gateKey, judgeGate, type GateRule } from './gate.js';

const gate = (name: string, ...ticketTypeIds: string[]): GateRule => ({ name, key: gateKey(name), ticketTypeIds });
const north = gate('North');
const box = gate('Box', 'box');

describe('a gate', () => {
  it('is any name where the event has none, and none', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (type, named) => {
        expect(judgeGate([], type, named)).toEqual({ gate: named ?? null });
      }),
    );
  });

  it('admits every type, or those that it names', () => {
    expect(judgeGate([north, box], 'standing', 'North')).toEqual({ gate: 'North' });
    expect(judgeGate([north, box], 'box', 'Box')).toEqual({ gate: 'Box' });
    expect(judgeGate([north, box], 'standing', 'Box')).toEqual({ refused: 'closed-to-type', gates: ['North'] });
  });

  it('is known by its name in any case, and told by its own spelling', () => {
    expect(judgeGate([north], 'standing', 'NORTH')).toEqual({ gate: 'North' });
    expect(judgeGate([gate('Straße É')], 'standing', 'STRASSE')).toMatchObject({ refused: 'unknown' });
    expect(judgeGate([gate('É')], 'standing', 'e\u0301')).toEqual({ gate: 'É' });
  });

  it('that does not exist admits nobody, and the answer says which do', () => {
    expect(judgeGate([box, north], 'box', 'South')).toEqual({ refused: 'unknown', gates: ['Box', 'North'] });
  });

  it('that is not named may be any: who could not enter at one of them is refused', () => {
    expect(judgeGate([north, box], 'box', undefined)).toEqual({ gate: null });
    expect(judgeGate([north, box], 'standing', undefined)).toEqual({ refused: 'closed-to-type', gates: ['North'] });
  });

  it('admits exactly where it says that it does', () => {
    const types = fc.constantFrom('a', 'b', 'c');
    const rules = fc.uniqueArray(fc.tuple(fc.constantFrom('N', 'S', 'E', 'W'), fc.uniqueArray(types)), {
      minLength: 1,
      selector: ([name]) => name,
    });
    fc.assert(
      fc.property(rules, types, fc.constantFrom('n', 's', 'e', 'w'), (given, type, named) => {
        const gates = given.map(([name, admits]) => gate(name, ...admits));
        const verdict = judgeGate(gates, type, named);
        const rule = given.find(([name]) => name.toLowerCase() === named);
        const isAdmitted = rule !== undefined && (rule[1].length === 0 || rule[1].includes(type));
        expect('gate' in verdict).toBe(isAdmitted);
        if ('gates' in verdict && verdict.refused === 'closed-to-type')
          for (const other of verdict.gates) expect(judgeGate(gates, type, other)).toEqual({ gate: other });
      }),
    );
  });
});
