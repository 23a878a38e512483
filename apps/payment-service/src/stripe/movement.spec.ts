import { describe, expect, it } from '@jest/globals';
import { readMovement, readPaidIntent } from './movement.js';

const transaction = (source: unknown, type = 'charge') => ({ id: 'txn_1', type, amount: 7, currency: 'usd', source });
const charge = { object: 'charge', id: 'ch_1', amount: 9000, currency: 'eur', payment_intent: 'pi_1' };

describe("a movement of the provider's ledger", () => {
  it('counts in the currency of the buyer, not in that of the account', () => {
    const amount = { amount: 9000, currency: 'EUR' };
    expect(readMovement(transaction(charge))).toEqual({ about: 'payment', id: 'ch_1', paymentIntent: 'pi_1', amount });
  });

  it('of a charge that was captured in part is that part', () => {
    expect(readMovement(transaction({ ...charge, amount_captured: 1 }))).toMatchObject({ amount: { amount: 1 } });
  });

  it.each([
    ['jpy', 4500, { amount: 4500, currency: 'JPY' }],
    ['isk', 450_000, { amount: 4500, currency: 'ISK' }],
    ['kwd', 4500, { amount: 4500, currency: 'KWD' }],
  ])('in %s is in minor units of ISO 4217', (currency, amount, expected) => {
    expect(readMovement(transaction({ ...charge, currency, amount }))).toMatchObject({ amount: expected });
    expect(readPaidIntent({ id: 'pi_1', amount_received: amount, currency })).toMatchObject({ amount: expected });
  });

  it('of a refund is that refund', () => {
    const refund = { object: 'refund', id: 're_1', amount: 5, currency: 'eur', status: 'succeeded' };
    expect(readMovement(transaction(refund))).toMatchObject({
      about: 'refund',
      refund: { id: 're_1', status: 'succeeded' },
    });
  });

  it('of a dispute is that dispute; other adjustments are no concern of ours', () => {
    const dispute = { object: 'dispute', id: 'du_1', amount: 5, currency: 'eur', status: 'lost' };
    expect(readMovement(transaction(dispute, 'adjustment'))).toMatchObject({
      about: 'dispute',
      dispute: { id: 'du_1' },
    });
    for (const other of [null, 'po_1', { object: 'payout', id: 'po_1' }])
      expect(readMovement(transaction(other, 'adjustment'))).toBeNull();
  });

  it.each([
    ['an id alone', 'ch_1'],
    ['nothing', null],
    ['no whole number of minor units', { ...charge, currency: 'isk', amount: 4501 }],
  ])('with %s for a source is left to a person', (_, source) => {
    expect(readMovement(transaction(source))).toEqual({ about: 'movement', id: 'txn_1' });
  });

  it('is none while an intent has received nothing', () => {
    expect(readPaidIntent({ id: 'pi_1', amount_received: 0, currency: 'eur' })).toBeNull();
  });
});
