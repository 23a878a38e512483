import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@app/testing';
import { toStripeAmount } from '../../stripe/stripe-amount.js';
import { PaymentPlatform, START_LIMIT } from '../../testing/payment-platform.js';
import { onProviderBalance, RefundDesk } from '../../testing/refund-desk.js';

let platform: PaymentPlatform;
let desk: RefundDesk;
beforeAll(async () => {
  platform = await PaymentPlatform.start();
  desk = new RefundDesk(platform);
}, START_LIMIT);
afterAll(() => platform.remove());

describe('hard case 11: a payment that goes back in parts', () => {
  it.each([
    ['EUR', 9000, [4500, 1001], 777],
    ['JPY', 3000, [1000, 333], 777],
    ['ISK', 3000, [1000, 333], 777],
    ['KWD', 15_620, [5120, 500], 770],
  ] as const)(
    '%s: is given back to the cent, with a refund in the dashboard in between, and nothing more',
    async (currency, total, [first, second], byHand) => {
      const { order, paymentId, paymentIntent } = await desk.paidOrder({ total, currency });
      const inStripe = (amount: number) => toStripeAmount({ amount, currency }).amount;
      const wentBack = async (amounts: number[]) => {
        const told = desk.told(order, 'refunded') as { amount: object }[];
        expect(told.map(({ amount }) => amount)).toEqual(amounts.map((amount) => ({ amount, currency })));
      };
      await desk.ask(order, first);
      await eventually(() => wentBack([first]));
      await platform.dashboard().refunds.create({ payment_intent: paymentIntent, amount: inStripe(byHand) });
      await eventually(() => wentBack([first, byHand]));
      await desk.ask(order, second);
      await eventually(() => wentBack([first, byHand, second]));

      const left = total - first - byHand - second;
      const tooMuch = await desk.ask(order, left + byHand + 10);
      await eventually(() => expect(desk.told(order, 'refund-failed')).toMatchObject([{ refundId: tooMuch }]));
      await desk.ask(order, left);
      await eventually(() => wentBack([first, byHand, second, left]));

      const atProvider = await desk.atProvider(paymentIntent);
      expect(atProvider.reduce((sum, { amount }) => sum + amount, 0)).toBe(inStripe(total));
      const books = await desk.transfersOf(order);
      expect(books.reduce((sum, transfer) => sum + onProviderBalance(transfer), 0)).toBe(0);
      expect(await platform.payments(order.orderId)).toMatchObject([{ id: paymentId, refunded_total: total }]);
    },
  );
});
