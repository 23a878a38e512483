import { NotChecked } from '../invariant.js';

/** Stripe, or what stands in for it. */
export interface Provider {
  /** `https://api.stripe.com`, without a slash at its end. */
  apiBase: string;
  secretKey: string;
}

/** Money that moved at the provider, as our ledger would name it. */
export interface Movement {
  /** Of the payment intent, the refund or the dispute. */
  id: string;
  what: 'payment' | 'refund' | 'refund-returned' | 'dispute-withdrawn' | 'dispute-reinstated';
  /** ISO 4217 minor units. */
  amount: number;
  currency: string;
  /** A refund that has left the balance and may still fail. */
  isPending: boolean;
}

/**
 * https://docs.stripe.com/reports/balance-transaction-types; payouts and transfers are no matter of ours, nor are fees: what a
 * movement costs, as a dispute does, is not in its `amount`.
 */
const KINDS: Readonly<Record<string, Movement['what']>> = {
  charge: 'payment',
  payment: 'payment',
  refund: 'refund',
  payment_refund: 'refund',
  refund_failure: 'refund-returned',
  payment_failure_refund: 'refund-returned',
};
/** Stripe's amount for one ISO minor unit, where it is not 1: https://docs.stripe.com/currencies#special-cases */
const STRIPE_UNITS: Readonly<Record<string, number>> = { ISK: 100, UGX: 100, MGA: 0.01 };

const PAGE = 100;
/** Milliseconds. */
const ANSWER_LIMIT = 15_000;

interface BalanceTransaction {
  id: string;
  type: string;
  amount: number;
  currency: string;
  source: { id: string; object?: string; status?: string; payment_intent?: string | null } | string | null;
}

/**
 * The provider's own list of what moved, page by page: https://docs.stripe.com/api/balance_transactions/list
 * @param since Unix seconds @throws NotChecked when the provider does not tell
 */
export async function movementsSince(since: number, { apiBase, secretKey }: Provider): Promise<Movement[]> {
  const movements: Movement[] = [];
  let after: string | undefined;
  do {
    const query = new URLSearchParams({
      limit: String(PAGE),
      'created[gte]': String(since),
      'expand[]': 'data.source',
    });
    if (after) query.set('starting_after', after);
    const { data, has_more } = await ask(`${apiBase}/v1/balance_transactions?${query}`, secretKey);
    movements.push(...data.flatMap(toMovement));
    after = has_more ? data.at(-1)?.id : undefined;
  } while (after);
  return movements;
}

async function ask(url: string, secretKey: string): Promise<{ data: BalanceTransaction[]; has_more: boolean }> {
  const answer = await fetch(url, {
    headers: { authorization: `Bearer ${secretKey}` },
    signal: AbortSignal.timeout(ANSWER_LIMIT),
  }).catch((error: Error) => {
    throw new NotChecked(`the provider does not answer: ${error.message}`);
  });
  if (!answer.ok)
    throw new NotChecked(`the provider does not tell what moved: ${answer.status} of ${new URL(url).host}`);
  return (await answer.json()) as { data: BalanceTransaction[]; has_more: boolean };
}

function toMovement({ type, amount, currency: written, source }: BalanceTransaction): Movement[] {
  const what = isDispute(source) ? disputed(amount) : KINDS[type];
  if (!what || source === null) return [];
  const currency = written.toUpperCase();
  const sourceId = typeof source === 'string' ? source : source.id;
  const intent = typeof source === 'string' ? undefined : source.payment_intent;
  const id = what === 'payment' ? (intent ?? sourceId) : sourceId;
  const isPending = what === 'refund' && isUnderWay(source);
  return [{ id, what, amount: Math.abs(amount) / (STRIPE_UNITS[currency] ?? 1), currency, isPending }];
}

/** Disputes move money as `adjustment`, as is much else: their source tells. */
const isDispute = (source: BalanceTransaction['source']) =>
  source !== null && typeof source === 'object' && source.object === 'dispute';

/** https://docs.stripe.com/api/refunds/object#refund_object-status */
const isUnderWay = (source: BalanceTransaction['source']) =>
  typeof source === 'object' && (source?.status === 'pending' || source?.status === 'requires_action');

const disputed = (amount: number) => (amount < 0 ? 'dispute-withdrawn' : 'dispute-reinstated');
