import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { advanceDispute, type DisputeState, type DisputeStatus } from './dispute.js';

const said = (status: DisputeStatus, money: Partial<DisputeState> = {}): DisputeState => ({
  status,
  withdrawn: false,
  reinstated: false,
  ...money,
});
const withdrawn = { withdrawn: true };
const both = { withdrawn: true, reinstated: true };

/** All that a history leads to. */
function outcome(history: readonly DisputeState[]) {
  let state: DisputeState | null = null;
  const reports: string[] = [];
  const moved = { withdrawn: 0, reinstated: 0 };
  for (const news of history) {
    const step = advanceDispute(state, news);
    if (!step) continue;
    state = step.state;
    if (step.report) reports.push(step.report);
    moved.withdrawn += Number(step.moved.withdrawn);
    moved.reinstated += Number(step.moved.reinstated);
  }
  return { state, reports, moved };
}

const won = [said('inquiry'), said('open'), said('open', withdrawn), said('won', withdrawn), said('won', both)];
const lost = [said('open'), said('open', withdrawn), said('lost', withdrawn)];
const appealed = [...lost, said('won', withdrawn), said('won', both)];

describe('a dispute', () => {
  it('is told when it opens and when the bank has decided, and its money moves once each way', () => {
    expect(outcome(won)).toEqual({
      state: said('won', both),
      reports: ['open', 'won'],
      moved: { withdrawn: 1, reinstated: 1 },
    });
    expect(outcome(lost)).toMatchObject({ reports: ['open', 'lost'], moved: { withdrawn: 1, reinstated: 0 } });
  });

  it('that was lost may be won by an appeal', () => {
    expect(outcome(appealed)).toMatchObject({ reports: ['open', 'lost', 'won'], state: said('won', both) });
  });

  it('that never was more than an inquiry is told to nobody', () => {
    const inquiry = [said('inquiry'), said('inquiry-closed'), said('inquiry')];
    expect(outcome(inquiry)).toEqual({
      state: said('inquiry-closed'),
      reports: [],
      moved: { withdrawn: 0, reinstated: 0 },
    });
  });

  it.each([
    ['won', won],
    ['lost', lost],
    ['won by an appeal', appealed],
  ])('that is %s ends the same in whatever order, and however often, it is told', (_, history) => {
    const { state, moved, reports } = outcome(history);
    fc.assert(
      fc.property(fc.shuffledSubarray([...history, ...history], { minLength: 2 * history.length }), (shuffled) => {
        const heard = outcome(shuffled);
        expect(heard).toMatchObject({ state, moved });
        expect(heard.reports.at(-1)).toBe(reports.at(-1));
        expect(new Set(heard.reports).size).toBe(heard.reports.length);
      }),
    );
  });
});
