import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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

  const beginPending = async () => {
    const { status } = await stripe.admin('PUT', '/refunds', {
      ...{ begins: 'pending', ends: 'failed' },
      ...{ afterSeconds: 3600, times: 1 },
    });
    expect(status).toBe(200);
  };
  /** A refund of ours of one ticket, at the provider and in our books. */
  const refunded = async (atProvider: 'pending' | 'succeeded', amount = PRICE) => {
    const intent = await buy();
    const ask = async () => (await stripe.stripe().refunds.create({ payment_intent: intent.id, amount })).id;
    if (atProvider === 'pending') await beginPending();
    const id = await ask();
    return { id, ask, refundId: await fresh.giveBack(await fresh.sell(intent.id), id) };
  };
  const failAtProvider = (id: string) => stripe.admin('POST', `/refunds/${id}/fail`, {});
  const unbook = (refundId: string) =>
    fresh.payments.asOwner('delete from ledger_transfers where refund_id = $1', [refundId]);
  const change = (refundId: string, changes: string) =>
    fresh.payments.asOwner(`update refunds set ${changes} where id = $1`, [refundId]);
  /** It has failed for good, and its money is put aside no more. */
  const giveUp = async (refundId: string) => {
    await unbook(refundId);
    await change(
      refundId,
      `status = 'failed', failure = 'declined', provider_refund_id = nullif(provider_refund_id, 're_forged')`,
    );
    await fresh.payments.asOwner(
      'update payments set refunded_total = 0 where id = (select payment_id from refunds where id = $1)',
      [refundId],
    );
  };
  const retry = (refundId: string, id: string) =>
    fresh.payments.asOwner(
      `update refunds set spent_provider_ids = spent_provider_ids || provider_refund_id, provider_refund_id = $2 where id = $1`,
      [refundId, id],
    );

  it('equals ours when a refund failed before it ever succeeded, and not before the money is back', async () => {
    const { id, refundId } = await refunded('pending');
    await giveUp(refundId);
    expect(brokenIn(await ask())).toContain(id);
    await failAtProvider(id);
    expect(brokenIn(await ask())).toBe('[]');
  });

  it('equals ours while a refund is pending for both, and not when it has another amount or has succeeded', async () => {
    const { id, refundId } = await refunded('pending');
    await unbook(refundId);
    await change(refundId, `status = 'pending'`);
    expect(brokenIn(await ask())).toBe('[]');
    const other = await refunded('pending', PRICE - 1);
    const done = await refunded('succeeded');
    for (const one of [other, done]) {
      await unbook(one.refundId);
      await change(one.refundId, `status = 'pending'`);
    }
    expect(brokenIn(await ask())).toContain(other.id);
    expect(brokenIn(await ask())).toContain(done.id);
    expect(brokenIn(await ask())).not.toContain(id);
    for (const one of [other, done]) await stripe.admin('POST', `/refunds/${one.id}/fail`, {});
    expect(brokenIn(await ask())).toBe('[]');
    expect(brokenIn(await ask())).toBe('[]');
  });

  it('equals ours when a try failed before it succeeded and the next one succeeded, and not before its money is back', async () => {
    const { id, ask: askAgain, refundId } = await refunded('pending');
    await retry(refundId, await askAgain());
    expect(brokenIn(await ask())).toContain(id);
    await failAtProvider(id);
    expect(brokenIn(await ask())).toBe('[]');
  });

  it('equals ours when a refund came back that left before the time that is looked at', async () => {
    const { id, refundId } = await refunded('pending');
    await giveUp(refundId);
    await stripe.database.asOwner('update balance_transaction set created = created - 172800 where source = $1', [id]);
    await failAtProvider(id);
    expect(brokenIn(await ask())).toBe('[]');
  });

  it('equals ours when a refund came back while the audit looked again', async () => {
    const { id, refundId } = await refunded('succeeded');
    await unbook(refundId);
    await change(refundId, `status = 'pending'`);
    let looks = 0;
    const relay = createServer(async ({ url, headers: { authorization = '' } }, response) => {
      looks += 1;
      if (looks === 2) {
        await failAtProvider(id);
        await giveUp(refundId);
      }
      response.end(await (await fetch(`${stripe.url}${url}`, { headers: { authorization } })).text());
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    const apiBase = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
    const report = await fresh.audit(
      { only: ['I3'], patienceSeconds: 5 },
      { provider: { apiBase, secretKey: SECRET_KEY } },
    );
    expect([brokenIn(report), looks]).toEqual(['[]', 2]);
    relay.closeAllConnections();
    relay.close();
  });

  it('equals ours when a try failed before it succeeded and a person settled it', async () => {
    const { id, refundId } = await refunded('pending');
    await unbook(refundId);
    await change(refundId, `status = 'settled', note = 'cash', decided_by = user_id, decided_at = now()`);
    await fresh.bookRefund(refundId, 'refund-settled');
    await failAtProvider(id);
    expect(brokenIn(await ask())).toBe('[]');
  });

  it('reports a refund that came back and is booked as gone, also when it was tried again', async () => {
    const { id, ask: askAgain, refundId } = await refunded('succeeded');
    await failAtProvider(id);
    expect(brokenIn(await ask())).toContain(`{"id":"${id}","what":"refund-returned"`);
    const next = await askAgain();
    await retry(refundId, next);
    await fresh.bookRefund(refundId);
    expect(brokenIn(await ask())).toContain(next);
    await fresh.bookRefund(refundId, 'refund-returned');
    expect(brokenIn(await ask())).toBe('[]');
  });

  it('reports a refund that is booked, and of which the provider knows only a try that failed', async () => {
    const { id, refundId } = await refunded('pending');
    await failAtProvider(id);
    await retry(refundId, 're_forged');
    expect(brokenIn(await ask())).toContain('re_forged');
    await giveUp(refundId);
    expect(brokenIn(await ask())).toBe('[]');
  });

  it('equals ours when a refund that we were never told of failed, and not before the money is back', async () => {
    const intent = await buy();
    await fresh.sell(intent.id);
    await beginPending();
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
