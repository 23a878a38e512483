import type { Finding } from '../invariant.js';
import type { OpenSnapshot, Suspicion } from '../look/suspicion.js';
import { movementsSince, type Movement, type Provider } from './movements.js';

const invariant = 'I3';
const HOUR = 3600;

/**
 * Compares the ledger with what moved at the provider. The ledger is looked at first: what it has must be there. What the
 * provider has and the ledger has not may be on its way, so that is looked at again.
 * @param hours how far back
 */
export async function compareWithProvider(provider: Provider, hours: number, open: OpenSnapshot): Promise<Suspicion> {
  const since = Math.floor(Date.now() / 1000) - hours * HOUR;
  const list = () => movementsSince(since, provider);
  await open('payment-service');
  const movements = await list();
  const unknown = await unknownToProvider(since, movements, open);
  return new UnbookedMovements(await unbookedOf(movements, open), unknown, list);
}

interface Unbooked extends Movement {
  booked: number | null;
}

class UnbookedMovements implements Suspicion {
  constructor(
    private unbooked: readonly Unbooked[],
    private readonly unknown: unknown[],
    private readonly list: () => Promise<Movement[]>,
  ) {}

  /** The provider is asked again, too: what the books have had returned meanwhile has returned there. */
  async isCleared(open: OpenSnapshot): Promise<boolean> {
    if (this.unbooked.length === 0) return true;
    const ids = new Set(this.unbooked.map(({ id }) => id));
    const movements = (await this.list()).filter(({ id }) => ids.has(id));
    this.unbooked = await unbookedOf(movements, open);
    return this.unbooked.length === 0;
  }

  findings(examples: number): Finding[] {
    const found = [
      {
        broken: 'movements at the provider that are not in the ledger, or with another amount',
        remedy:
          'What we have not heard of, `npm run reconcile` has come true, as its webhook would have. What payment-service calls paid or refunded, and the provider calls succeeded, lacks only its row: post it (docs/invariants.md). A refund that failed is booked both ways or not at all; one that is pending is not booked yet. Money that is nobody’s goes back.',
        rows: this.unbooked,
      },
      {
        broken: 'movements in the ledger that the provider does not know',
        remedy: 'The books tell of money that is not there: look for a forged webhook or another account’s key.',
        rows: this.unknown,
      },
    ];
    return found.flatMap(({ rows, ...said }) =>
      rows.length === 0
        ? []
        : [{ ...said, invariant, found: rows.length, atLeast: false, examples: rows.slice(0, examples) }],
    );
  }
}

async function unknownToProvider(since: number, movements: readonly Movement[], open: OpenSnapshot) {
  const snapshot = await open('payment-service');
  const [ids, whats] = columnsOf(movements);
  return snapshot.apart(() => snapshot.rows(UNKNOWN, [ids, whats, since]));
}

async function unbookedOf(movements: readonly Movement[], open: OpenSnapshot): Promise<Unbooked[]> {
  const snapshot = await open('payment-service');
  return snapshot.apart(() => snapshot.rows<Unbooked>(UNBOOKED, columnsOf(movements)));
}

const columnsOf = (movements: readonly Movement[]) => [
  movements.map(({ id }) => id),
  movements.map(({ what }) => what),
  movements.map(({ amount }) => amount),
  movements.map(({ currency }) => currency),
  movements.map(({ isPending }) => isPending),
];

// What both name is met by hashing: an audit of 40,000 movements may not look at each for each.
// A refund is one balance for each try: what left and did not come back. The books know what has succeeded, so a try that failed while it was pending
// is in them both ways or not at all, and one that is pending for both is not in them yet. Only the last try may have money away. One that came back
// had left, though perhaps before the time that is looked at.
const UNBOOKED = `
  with moved as (
    select * from unnest($1::text[], $2::text[], $3::numeric[], $4::text[], $5::boolean[])
      as m (id, what, amount, currency, "isPending")
  ), booked as (
    select p.payment_intent as id, 'payment' as what, t.amount, t.currency from payments p
    join ledger_transfers t on t.payment_id = p.id and t.what in ('payment', 'payment-in-review')
    where p.payment_intent = any($1)
    union all
    select d.provider_dispute_id, t.what, t.amount, t.currency from disputes d
    join ledger_transfers t on t.dispute_id = d.id
    where d.provider_dispute_id = any($1)
  ), tries as (
    select id, currency, bool_or("isPending") as is_pending, sum(amount) filter (where what = 'refund') as gone,
           coalesce(sum(amount) filter (where what = 'refund-returned'), 0) as back
    from moved where what in ('refund', 'refund-returned') group by id, currency
  ), refunded as (
    select r.spent_provider_ids || coalesce(array[r.provider_refund_id], '{}') as names, r.status, r.amount as wanted, r.currency,
           coalesce(sum(case t.what when 'refund' then t.amount when 'refund-returned' then -t.amount end), 0) as away
    from refunds r left join ledger_transfers t on t.refund_id = r.id
    where r.provider_refund_id = any($1) or (r.spent_provider_ids <> '{}' and r.spent_provider_ids && $1)
    group by r.tenant_id, r.id
  ), ours as (
    select name as id, currency, wanted, is_last and status = 'pending' as is_pending, case when is_last then away else 0 end as away
    from refunded, unnest(names) with ordinality as tried (name, n), lateral (select n = cardinality(names) as is_last) as which
  )
  select m.id, m.what, m.amount::float8 as amount, m.currency, m."isPending", b.amount::float8 as booked
  from moved m
  left join booked b on b.id = m.id and b.what = m.what
  where m.what not in ('refund', 'refund-returned')
    and (b.amount is distinct from m.amount or b.currency is distinct from m.currency)
  union all
  select m.id, m.what, m.amount::float8, m.currency, m."isPending", nullif(o.away, 0)::float8
  from tries t
  join moved m on m.id = t.id and m.currency = t.currency and m.what in ('refund', 'refund-returned')
  left join ours o on o.id = t.id
  where (case when t.gone is null then 0 else t.gone - t.back end <> coalesce(o.away, 0) or (o.away <> 0 and o.currency <> t.currency))
    and not (t.is_pending and coalesce(o.is_pending and o.away = 0 and o.wanted = t.gone and o.currency = t.currency, false))`;

// Of payments that began within the time, so that what moved for them did, too. A refund that succeeded did so under its last name.
const UNKNOWN = `
  with booked as (
    select t.id, t.what, t.amount, t.order_id, coalesce(d.provider_dispute_id, r.provider_refund_id, p.payment_intent) as provider_id,
           case t.what when 'payment-in-review' then 'payment' else t.what end as moved,
           case when t.what = 'refund' and r.status in ('succeeded', 'paid-twice') then array[r.provider_refund_id]
                when t.refund_id is not null then r.spent_provider_ids || r.provider_refund_id
                else array[coalesce(d.provider_dispute_id, p.payment_intent)] end as names
    from ledger_transfers t
    join payments p on p.id = t.payment_id
    left join refunds r on r.id = t.refund_id
    left join disputes d on d.id = t.dispute_id
    -- What a person has paid back by hand moved nothing at the provider.
    where p.created_at >= to_timestamp($3) and t.what <> 'refund-settled'
  ), known as (
    select b.id from booked b
    cross join unnest(b.names) as n (name)
    join unnest($1::text[], $2::text[]) as m (id, what) on m.id = n.name and m.what = b.moved
  )
  select b.id as "transferId", b.what, b.amount::float8 as amount, b.order_id as "orderId",
         b.provider_id as "atProvider"
  from booked b where not exists (select from known where known.id = b.id)`;
