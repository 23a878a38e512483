import { Injectable } from '@nestjs/common';
import type { Order } from '@app/contracts';
import type { Outcome } from '@app/grouping';
import { type Answer, type CallersKey, inFlight, nameOf, RecordedAnswers, reused } from '@app/idempotency';
import type { Placing } from './placing.js';

const CREATED = 201;

/** What became of new orders, in their order, while they are being written. */
export interface Placed {
  outcomes: readonly Outcome<Order>[];
  written: Promise<void>;
}

/**
 * `Idempotency-Key` within a group: what was placed before is answered again, also when nothing is left; equal keys of
 * one group are one order. Answers are recorded in the group's own transaction.
 */
@Injectable()
export class KeyedPlacings {
  constructor(private readonly recorded: RecordedAnswers) {}

  /** @param place places those that are new, in the order of their arrival */
  async answer(
    tenantId: string,
    placings: readonly Placing[],
    place: (fresh: readonly Placing[]) => Promise<Placed>,
  ): Promise<Outcome<Answer<Order>>[]> {
    const first = firstOfEachKey(placings);
    const outcomes = new Map<Placing, Outcome<Answer<Order>>>();
    const known = await this.recorded.recall<Order>([...first.values()].map(keyOf));
    for (const [index, placing] of [...first.values()].entries()) {
      const recollection = known[index];
      if (recollection === undefined || recollection === 'new') continue;
      outcomes.set(
        placing,
        'answer' in recollection ? { value: recollection.answer } : { error: recollection.refusal },
      );
    }
    const isFirst = (placing: Placing) => !placing.key || first.get(nameOf(keyOf(placing))) === placing;
    const fresh = placings.filter((placing) => isFirst(placing) && !outcomes.has(placing));
    const { outcomes: placed, written } = fresh.length > 0 ? await place(fresh) : NOTHING;
    for (const [index, placing] of fresh.entries()) outcomes.set(placing, toAnswer(placed[index]));
    const answers = fresh.flatMap((placing, index) => {
      const outcome = placed[index];
      return placing.key && outcome && 'value' in outcome ? [{ ...keyOf(placing), body: outcome.value }] : [];
    });
    await Promise.all([written, this.recorded.record(tenantId, CREATED, answers)]);
    return placings.map((placing) => outcomes.get(placing) ?? this.follow(placing, first, outcomes));
  }

  /** A request whose key another one of the group has as well. */
  private follow(
    placing: Placing,
    first: ReadonlyMap<string, Placing>,
    outcomes: ReadonlyMap<Placing, Outcome<Answer<Order>>>,
  ): Outcome<Answer<Order>> {
    const key = keyOf(placing);
    const leader = first.get(nameOf(key));
    const outcome = leader && outcomes.get(leader);
    if (!leader || !outcome) return { error: new Error('Every key has a first request.') };
    const isSame = keyOf(leader).fingerprint.equals(key.fingerprint);
    if ('error' in outcome) return isSame ? outcome : { error: inFlight() };
    return isSame ? { value: { ...outcome.value, replayed: true } } : { error: reused() };
  }
}

export const NOTHING: Placed = { outcomes: [], written: Promise.resolve() };

function firstOfEachKey(placings: readonly Placing[]): Map<string, Placing> {
  const first = new Map<string, Placing>();
  for (const placing of placings) {
    if (!placing.key) continue;
    const name = nameOf(keyOf(placing));
    if (!first.has(name)) first.set(name, placing);
  }
  return first;
}

function keyOf({ key, buyer }: Placing): CallersKey {
  if (!key) throw new Error('Only a request with a key has one.');
  return { ...key, callerId: buyer.id };
}

const toAnswer = (outcome: Outcome<Order> | undefined): Outcome<Answer<Order>> => {
  if (!outcome) return { error: new Error('Every new request has an outcome.') };
  return 'error' in outcome ? outcome : { value: { status: CREATED, body: outcome.value, replayed: false } };
};
