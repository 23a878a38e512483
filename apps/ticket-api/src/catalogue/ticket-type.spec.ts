import { describe, expect, it } from '@jest/globals';
import { changeTicketType, faultsOfPrice, faultsOfSalesPeriod, mayUseCurrency } from './ticket-type.js';

const pathsOf = (amount: number, currency: string) => faultsOfPrice({ amount, currency }).map(({ path }) => path);

describe('a price', () => {
  it.each([
    [0, 'EUR'],
    [50, 'EUR'],
    [4500, 'EUR'],
    [30, 'GBP'],
    [50, 'JPY'],
    [1250, 'KWD'],
    [1, 'ISK'],
    [99_999_999, 'USD'],
  ])('of %i %s can be asked', (amount, currency) => {
    expect(pathsOf(amount, currency)).toEqual([]);
  });

  it.each([
    [49, 'EUR', "below Stripe's smallest charge"],
    [1, 'USD', "below Stripe's smallest charge"],
    [17_499, 'HUF', "below Stripe's smallest charge"],
    [1255, 'KWD', 'in fils that no card network counts'],
    [100_000_000, 'USD', "above Stripe's eight digits"],
  ])('hard case 30: of %i %s is refused: %s', (amount, currency) => {
    expect(pathsOf(amount, currency)).toEqual(['price.amount']);
  });

  it.each(['ZZZ', 'EUX', 'AAA'])('in %s is refused: ISO 4217 has no such currency', (currency) => {
    expect(pathsOf(0, currency)).toEqual(['price.currency']);
  });
});

describe('the currency of an event', () => {
  it('is that of its other ticket types', () => {
    expect(mayUseCurrency('EUR', { isDraft: false }, null, ['EUR', 'EUR'])).toBe(true);
    expect(mayUseCurrency('USD', { isDraft: true }, null, ['EUR'])).toBe(false);
    expect(mayUseCurrency('USD', { isDraft: true }, 'EUR', ['EUR'])).toBe(false);
  });

  it('changes with the only ticket type of a draft, but not once tickets may have been sold', () => {
    expect(mayUseCurrency('USD', { isDraft: true }, 'EUR', [])).toBe(true);
    expect(mayUseCurrency('USD', { isDraft: false }, 'EUR', [])).toBe(false);
  });
});

describe('a sales period', () => {
  const [early, late] = [new Date('2030-01-01'), new Date('2030-02-01')];

  it('ends after it starts, if it has both ends', () => {
    expect(faultsOfSalesPeriod({ salesStartAt: early, salesEndAt: late })).toEqual([]);
    expect(faultsOfSalesPeriod({ salesStartAt: null, salesEndAt: early })).toEqual([]);
    expect(faultsOfSalesPeriod({ salesStartAt: late, salesEndAt: early })).toMatchObject([{ path: 'salesEndAt' }]);
    expect(faultsOfSalesPeriod({ salesStartAt: late, salesEndAt: late })).toMatchObject([{ path: 'salesEndAt' }]);
  });
});

describe('a change of a ticket type', () => {
  const type = {
    name: 'Standing',
    price: { amount: 4500, currency: 'EUR' },
    maxPerOrder: 10,
    maxPerBuyer: 4,
    salesStartAt: new Date('2030-01-01'),
    salesEndAt: null,
  };

  it('keeps what it leaves out and lifts a limit that is null', () => {
    expect(changeTicketType(type, {})).toEqual(type);
    expect(changeTicketType(type, { maxPerBuyer: null, salesStartAt: null })).toEqual({
      ...type,
      maxPerBuyer: null,
      salesStartAt: null,
    });
  });
});
