import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { advance, isActive, type PaymentFact, type PaymentReport, type PaymentStatus } from './payment.js';

const owed = { amount: 4500, currency: 'EUR' };
const paid: PaymentFact = { fact: 'paid', amount: owed };
const facts: PaymentFact[] = [
  { fact: 'opened' },
  { fact: 'refused' },
  { fact: 'failed' },
  { fact: 'expired' },
  paid,
  { fact: 'paid', amount: { amount: 4499, currency: 'EUR' } },
  { fact: 'paid', amount: { amount: 4500, currency: 'USD' } },
  { fact: 'paid-elsewhere' },
];

function live(history: readonly PaymentFact[], from: PaymentStatus = 'opening') {
  let status = from;
  const reports: PaymentReport[] = [];
  for (const fact of history) {
    const step = advance({ status, owed }, fact);
    if (!step) continue;
    status = step.status;
    if (step.report) reports.push(step.report);
  }
  return { status, reports };
}

describe('a payment', () => {
  it('is opened and then paid', () => {
    expect(live([{ fact: 'opened' }, paid])).toEqual({ status: 'succeeded', reports: ['opened', 'succeeded'] });
  });

  it('is paid though the answer that opened it is still on its way', () => {
    expect(live([paid, { fact: 'opened' }])).toEqual({ status: 'succeeded', reports: ['succeeded'] });
  });

  it.each(['failed', 'expired'] as const)('that %s says so once', (fact) => {
    expect(live([{ fact: 'opened' }, { fact }, { fact: 'expired' }, { fact: 'failed' }])).toEqual({
      status: fact,
      reports: ['opened', fact],
    });
  });

  it.each(['failed', 'expired', 'refused'] as const)('counts money that comes after it was thought %s', (status) => {
    expect(advance({ status, owed }, paid)).toEqual({ status: 'succeeded', report: 'succeeded' });
  });

  it('hard case 28: goes to review, and buys nothing, when amount or currency differ', () => {
    expect(live([{ fact: 'opened' }, facts[5]!, paid])).toEqual({ status: 'review', reports: ['opened'] });
    expect(live([{ fact: 'opened' }, facts[6]!, paid])).toEqual({ status: 'review', reports: ['opened'] });
  });

  it('goes to review, and buys nothing, when another payment bears its money', () => {
    expect(live([{ fact: 'opened' }, { fact: 'paid-elsewhere' }, paid])).toEqual({
      status: 'review',
      reports: ['opened'],
    });
  });

  it('is refused only before it is open', () => {
    expect(live([{ fact: 'refused' }]).status).toBe('refused');
    expect(live([{ fact: 'opened' }, { fact: 'refused' }]).status).toBe('open');
  });
});

describe('whatever order facts come in, and however often', () => {
  const history = fc.array(fc.constantFrom(...facts), { maxLength: 12 });

  it('each report is made once, and money is the last word', () => {
    fc.assert(
      fc.property(history, (given) => {
        const { status, reports } = live(given);
        expect(new Set(reports).size).toBe(reports.length);
        const money = given.find(({ fact }) => fact === 'paid' || fact === 'paid-elsewhere');
        expect(status === 'succeeded' || status === 'review').toBe(money !== undefined);
        expect(reports.includes('succeeded')).toBe(money === paid);
        if (reports.includes('succeeded')) expect(reports.at(-1)).toBe('succeeded');
      }),
    );
  });

  it('a repeated fact changes nothing', () => {
    fc.assert(
      fc.property(history, (given) => {
        expect(live(given.flatMap((fact) => [fact, fact]))).toEqual(live(given));
      }),
    );
  });

  it('nothing is active again once it has ended', () => {
    fc.assert(
      fc.property(history, history, (before, after) => {
        const { status } = live(before);
        if (!isActive(status)) expect(isActive(live(after, status).status)).toBe(false);
      }),
    );
  });
});
