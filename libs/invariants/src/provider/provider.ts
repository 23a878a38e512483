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
  await open('payment-service');
  const movements = await movementsSince(since, provider);
  const suspicion = new UnbookedMovements(movements, await unknownToProvider(since, movements, open));
  await suspicion.isCleared(open);
  return suspicion;
}

interface Unbooked extends Movement {
  booked: number | null;
}

class UnbookedMovements implements Suspicion {
  private unbooked: Unbooked[] = [];

  constructor(
    private movements: readonly Movement[],
    private readonly unknown: unknown[],
  ) {}

  async isCleared(open: OpenSnapshot): Promise<boolean> {
    const snapshot = await open('payment-service');
    this.unbooked = await snapshot.apart(() => snapshot.rows<Unbooked>(UNBOOKED, columnsOf(this.movements)));
    this.movements = this.unbooked;
    return this.unbooked.length === 0;
  }

  findings(examples: number): Finding[] {
    const found = [
      {
        broken: 'movements at the provider that are not in the ledger, or with another amount',
        remedy:
          'What we have not heard of, `npm run reconcile` has come true, as its webhook would have. What payment-service calls paid or refunded lacks only its row: post it (docs/invariants.md). Money that is nobody’s goes back.',
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

const columnsOf = (movements: readonly Movement[]) => [
  movements.map(({ id }) => id),
  movements.map(({ what }) => what),
  movements.map(({ amount }) => amount),
  movements.map(({ currency }) => currency),
];

// What both name is met by hashing: an audit of 40,000 movements may not look at each for each.
// A refund that failed while it was pending left the provider's balance and came back, and perhaps nobody ever told us of it; the books know what has
// succeeded.
const UNBOOKED = `
  with moved as (
    select * from unnest($1::text[], $2::text[], $3::numeric[], $4::text[]) as m (id, what, amount, currency)
  ), booked as (
    select p.payment_intent as id, 'payment' as what, t.amount, t.currency from payments p
    join ledger_transfers t on t.payment_id = p.id and t.what in ('payment', 'payment-in-review')
    where p.payment_intent = any($1)
    union all
    select tried.id, t.what, t.amount, t.currency from refunds r
    join ledger_transfers t on t.refund_id = r.id
    cross join unnest(r.spent_provider_ids || r.provider_refund_id) as tried (id)
    where r.provider_refund_id = any($1) or (r.spent_provider_ids <> '{}' and r.spent_provider_ids && $1)
    union all
    select d.provider_dispute_id, t.what, t.amount, t.currency from disputes d
    join ledger_transfers t on t.dispute_id = d.id
    where d.provider_dispute_id = any($1)
  )
  select m.id, m.what, m.amount::float8 as amount, m.currency, b.amount::float8 as booked
  from moved m
  left join booked b on b.id = m.id and b.what = m.what
  where (b.amount is distinct from m.amount or b.currency is distinct from m.currency)
    and not (m.what in ('refund', 'refund-returned') and m.id not in (select id from booked) and exists (
      select from moved o where o.id = m.id and o.what <> m.what and o.amount = m.amount and o.currency = m.currency))`;

// Of payments that began within the time, so that what moved for them did, too.
const UNKNOWN = `
  with booked as (
    select t.id, t.what, t.amount, t.order_id, coalesce(d.provider_dispute_id, r.provider_refund_id, p.payment_intent) as provider_id,
           case t.what when 'payment-in-review' then 'payment' else t.what end as moved,
           case when t.refund_id is not null then r.spent_provider_ids || r.provider_refund_id
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
