import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SimulatorUnderTest, SECRET_KEY } from '../../apps/stripe-simulator/src/testing/simulator-under-test.js';
import { brokenIn, PRICE, World } from './world.js';

describe("the provider's ledger", () => {
  let fresh: World;
  let stripe: SimulatorUnderTest;
  beforeAll(async () => {
    fresh = await World.open();
    stripe = await SimulatorUnderTest.open();
  });
  afterAll(async () => {
    await stripe?.close();
    await fresh?.close();
  });
  const ask = () => fresh.audit({ only: ['I3'] }, { provider: { apiBase: stripe.url, secretKey: SECRET_KEY } });
  /** Two tickets at `PRICE`. */
  const buy = () => stripe.buy();

  it('equals ours to the cent when every payment and refund was booked', async () => {
    const intent = await buy();
    const refund = await stripe.stripe().refunds.create({ payment_intent: intent.id, amount: PRICE });
    await fresh.giveBack(await fresh.sell(intent.id), refund.id);
    const report = await ask();
    expect([brokenIn(report), report.exitCode]).toEqual(['[]', 0]);
  });

  it('equals ours when a refund failed before it ever succeeded, and not before the money is back', async () => {
    const intent = await buy();
    await stripe.admin('PUT', '/refunds', { begins: 'pending', times: 1 });
    const { id } = await stripe.stripe().refunds.create({ payment_intent: intent.id, amount: PRICE });
    const refundId = await fresh.giveBack(await fresh.sell(intent.id), id);
    await fresh.payments.asOwner('delete from ledger_transfers where refund_id = $1', [refundId]);
    await fresh.payments.asOwner(
      `with failed as (update refunds set status = 'failed', failure = 'declined' where id = $1 returning payment_id, amount)
       update payments set refunded_total = refunded_total - failed.amount from failed where id = failed.payment_id`,
      [refundId],
    );
    expect(brokenIn(await ask())).toContain(id);
    await stripe.admin('POST', `/refunds/${id}/fail`, {});
    expect(brokenIn(await ask())).toBe('[]');
  });

  it('equals ours when a refund that we were never told of failed, and not before the money is back', async () => {
    const intent = await buy();
    await fresh.sell(intent.id);
    await stripe.admin('PUT', '/refunds', { begins: 'pending', times: 1 });
    const { id } = await stripe.stripe().refunds.create({ payment_intent: intent.id, amount: PRICE });
    expect(brokenIn(await ask())).toContain(id);
    await stripe.admin('POST', `/refunds/${id}/fail`, {});
    expect(brokenIn(await ask())).toBe('[]');
  });

  it('equals ours when disputes took money, all of it or a part, and when it came back', async () => {
    const disputed = async (amount?: number) => {
      const intent = await buy();
      const order = { paymentIntent: intent.id, ...(amount && { amount }) };
      const { answer } = await stripe.admin('POST', '/disputes', order);
      return { sold: await fresh.sell(intent.id), id: answer.id };
    };
    const [whole, part] = [await disputed(), await disputed(PRICE)];
    expect(brokenIn(await ask())).toContain(whole.id);
    const disputeId = await fresh.dispute(whole.sold, whole.id);
    await fresh.dispute(part.sold, part.id, PRICE);
    expect(brokenIn(await ask())).toBe('[]');
    await stripe.admin('POST', `/disputes/${whole.id}/close`, { outcome: 'won' });
    expect(brokenIn(await ask())).toContain('dispute-reinstated');
    await fresh.winDispute(whole.sold, disputeId);
    expect(brokenIn(await ask())).toBe('[]');
  });

  it('reports a payment that was never booked', async () => {
    const intent = await buy();
    expect(brokenIn(await ask())).toContain(intent.id);
    await fresh.sell(intent.id);
    expect(brokenIn(await ask())).toBe('[]');
  });

  it('reports a payment in our books that the provider does not know', async () => {
    const { orderId } = await fresh.sell('pi_forged');
    expect(brokenIn(await ask())).toContain(orderId);
  });

  it('reports a dispute that is booked with another amount, and one that the provider does not know', async () => {
    const intent = await buy();
    const { answer } = await stripe.admin('POST', '/disputes', { paymentIntent: intent.id });
    await fresh.dispute(await fresh.sell(intent.id), answer.id, PRICE);
    const unknown = await buy();
    await fresh.dispute(await fresh.sell(unknown.id), 'du_forged');
    const broken = brokenIn(await ask());
    expect(broken).toContain(`{"id":"${answer.id}","what":"dispute-withdrawn","amount":${2 * PRICE}`);
    expect(broken).toContain('du_forged');
  });

  it('leaves I3 unchecked while the provider does not tell', async () => {
    const report = await fresh.audit(
      { only: ['I3'] },
      { provider: { apiBase: stripe.url, secretKey: 'sk_test_wrong' } },
    );
    expect([report.judgements[0]?.state, report.exitCode]).toEqual(['not-checked', 2]);
    expect(report.judgements[0]?.notChecked[0]).toContain('401');
  });
});
