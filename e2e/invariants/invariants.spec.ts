import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cable } from '@app/testing';
import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { brokenIn, PRICE, World, type Report } from './world.js';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

const rest = { atRest: true, waitSeconds: 5 };
const stateOf = (report: Report, invariant: string) =>
  report.judgements.find((judgement) => judgement.invariant === invariant)?.state;
const tickets = (sql: string, ...parameters: unknown[]) => world.tickets.asOwner(sql, parameters);
const payments = (sql: string, ...parameters: unknown[]) => world.payments.asOwner(sql, parameters);

describe('the audit of a sound platform', () => {
  it('finds that every invariant holds, whatever was sold, given back, held, admitted and disputed', async () => {
    await world.giveBack(await world.sell());
    await world.sellAtDesk();
    await world.hold();
    await world.admit((await world.sell()).ticketIds[0]);
    const [ticketId] = (await world.sell()).ticketIds;
    await world.admit(ticketId);
    await world.takeBack(ticketId);
    await world.admit(ticketId);
    await world.dispute(await world.sell());
    const report = await world.audit(rest);
    expect(brokenIn(report)).toBe('[]');
    expect(report.judgements.filter(({ state }) => state !== 'holds').map(({ notChecked }) => notChecked)).toEqual([
      ['no provider is named to compare the ledger with'],
    ]);
    expect(report.exitCode).toBe(2);
  });
});

describe('money that went back by hand', () => {
  it('while a refund of the same tickets failed and waits for a person is not given back twice, until both have moved', async () => {
    const { orderId, ticketIds } = await world.sell();
    const add = (id: string, amount: number, reason: string, status: string) =>
      tickets(
        `insert into refunds (id, tenant_id, order_id, amount, reason, status)
         select $2, tenant_id, id, $3, $4, $5 from orders where id = $1`,
        ...[orderId, id, amount, reason, status],
      );
    const [asked, byHand] = [uuid(), uuid()];
    const all = ticketIds.length * PRICE;
    await add(asked, all, 'refund', 'failed');
    await add(byHand, 1000, 'provider', 'succeeded');
    await tickets(
      `update tickets set status = 'void', holder_version = holder_version + 1, refund_id = $2 where order_id = $1`,
      orderId,
      asked,
    );
    await tickets('update order_items set returned = quantity where order_id = $1', orderId);
    await tickets('update stock_counters set taken = taken - $2 where id = $1', world.counterId, ticketIds.length);
    await tickets(
      `update orders set status = 'refunded', reason = 'refund', refunded = 1000, refund_pending = $2 where id = $1`,
      ...[orderId, all],
    );
    const audit = () => world.audit({ only: ['I2'], patienceSeconds: 0 });
    const named = async () => JSON.stringify((await audit()).judgements).includes('add up to what was paid');
    expect(await named()).toBe(false);
    await tickets(`update refunds set status = 'succeeded' where id = $1`, asked);
    expect(await named()).toBe(true);
    await tickets(`update refunds set status = 'failed' where id = $1`, asked);
  });
});

/** A ticket that its buyer gave back for resale, and whose unit is back. */
async function listed(): Promise<string> {
  const { ticketIds } = await world.sell();
  const id = uuid();
  await tickets(
    `insert into listings (id, tenant_id, ticket_id, order_id, event_id, ticket_type_id, counter_id, price)
     select $2, tenant_id, id, order_id, event_id, ticket_type_id, $3, unit_price from tickets where id = $1`,
    ...[ticketIds[0], id, world.counterId],
  );
  await tickets(`update tickets set status = 'listed', holder_version = 2 where id = $1`, ticketIds[0]);
  await tickets(
    'update order_items i set returned = returned + 1 from tickets t where t.id = $1 and i.order_id = t.order_id',
    ticketIds[0],
  );
  await tickets('update stock_counters set taken = taken - 1 where id = $1', world.counterId);
  return id;
}

/** [what somebody did, the invariant, how; it returns what the report must name] */
const offerOf = (by: string, rest: string, values: string) =>
  `insert into transfers (id, tenant_id, ticket_id, event_id, from_user, to_email, holder_version, expires_at${rest})
   select gen_random_uuid(), tenant_id, id, event_id, ${by}, 'b@example.org', 1, now() + interval '1 day'${values} from tickets where id = $1`;
const ACCEPTED = `with moved as (update tickets set holder_id = $2 where id = $1)
  ${offerOf('holder_id', ', status, to_user, ended_at', `, 'accepted', $2, now()`)}`;
const OFFERED = offerOf('$2', '', '');

const misdeeds: [string, string, () => Promise<string | undefined>][] = [
  [
    'a counter that holds one ticket less than was sold',
    'I1',
    async () => {
      await tickets('update stock_counters set taken = taken - 1 where id = $1', world.counterId);
      return world.counterId;
    },
  ],
  [
    'a counter above its capacity',
    'I1',
    async () => {
      const id = uuid();
      await tickets('alter table stock_counters drop constraint never_oversold');
      await tickets(
        'insert into stock_counters (id, tenant_id, event_id, capacity, taken) select $1, tenant_id, event_id, 1, 2 from stock_counters limit 1',
        id,
      );
      return id;
    },
  ],
  [
    'a counter that is kept for people who do not wait',
    'I1',
    async () => {
      await tickets('update stock_counters set awaited = 3 where id = $1', world.counterId);
      return world.counterId;
    },
  ],
  [
    'a ticket that is up for resale for nobody',
    'I2',
    async () => {
      const [ticketId] = (await world.sell()).ticketIds;
      await tickets(`update tickets set status = 'listed' where id = $1`, ticketId);
      return ticketId;
    },
  ],
  [
    'a ticket that was sold again, and no money for who had it',
    'I2',
    async () => {
      const listingId = await listed();
      await tickets(`update listings set status = 'sold', ended_at = now() where id = $1`, listingId);
      return listingId;
    },
  ],
  [
    'more paid for and listed than there is',
    'I13',
    async () => {
      await listed();
      await tickets('update stock_counters set taken = 0, capacity = 0 where id = $1', world.counterId);
      return world.counterId;
    },
  ],
  [
    'a ticket too many',
    'I2',
    async () => {
      const { orderId } = await world.sell();
      await tickets(
        `insert into tickets (id, tenant_id, order_id, event_id, ticket_type_id, holder_id, unit_price)
         select $2, tenant_id, order_id, event_id, ticket_type_id, holder_id, unit_price from tickets where order_id = $1 limit 1`,
        orderId,
        uuid(),
      );
      return orderId;
    },
  ],
  [
    'a paid order without tickets',
    'I2',
    async () => {
      const { orderId } = await world.sell();
      await tickets('delete from tickets where order_id = $1', orderId);
      return orderId;
    },
  ],
  [
    'a ticket that stays valid after its order was refunded',
    'I2',
    async () => {
      const { orderId, ticketIds } = await world.sell();
      await tickets(`update orders set status = 'refunded', reason = 'refund' where id = $1`, orderId);
      return ticketIds[1];
    },
  ],
  [
    'more given back than was paid',
    'I2',
    async () => {
      const { orderId } = await world.sell();
      await tickets(
        `insert into refunds (id, tenant_id, order_id, amount, reason) select $2, tenant_id, id, total + 1, 'refund' from orders where id = $1`,
        orderId,
        uuid(),
      );
      await tickets('update orders set refund_pending = total + 1 where id = $1', orderId);
      return orderId;
    },
  ],
  [
    'tickets void and no money back',
    'I2',
    async () => {
      const sold = await world.sell();
      await world.giveBack(sold);
      await tickets('delete from refunds where order_id = $1', sold.orderId);
      await tickets('update orders set refunded = 0 where id = $1', sold.orderId);
      return sold.orderId;
    },
  ],
  [
    'an order that says another sum was refunded',
    'I2',
    async () => {
      const { orderId } = await world.sell();
      await tickets('update orders set refunded = 1 where id = $1', orderId);
      return orderId;
    },
  ],
  [
    'a total that is not what the lines cost',
    'I2',
    async () => {
      const orderId = await world.hold();
      await tickets('update orders set total = total + 1 where id = $1', orderId);
      return orderId;
    },
  ],
  [
    'an order that payment-service never heard of',
    'I2',
    async () => {
      const orderId = await world.hold();
      await payments('delete from owed_orders where order_id = $1', orderId);
      return orderId;
    },
  ],
  [
    'an order that only payment-service knows',
    'I2',
    async () => {
      const orderId = await world.hold();
      await tickets('delete from order_items where order_id = $1', orderId);
      await tickets('delete from orders where id = $1', orderId);
      return orderId;
    },
  ],
  [
    'a payment that bought nothing',
    'I2',
    async () => {
      const { orderId, paymentId } = await world.sell();
      await tickets(`update orders set payment_id = null, confirmed_how = 'desk' where id = $1`, orderId);
      return paymentId;
    },
  ],
  [
    'a refund that payment-service never made',
    'I2',
    async () => {
      const sold = await world.sell();
      const refundId = await world.giveBack(sold);
      await payments('delete from ledger_transfers where refund_id = $1', refundId);
      await payments('delete from refunds where id = $1', refundId);
      return refundId;
    },
  ],
  [
    'a refund that moved another sum',
    'I2',
    async () => {
      const refundId = await world.giveBack(await world.sell());
      await payments('update refunds set amount = amount - 1 where id = $1', refundId);
      return refundId;
    },
  ],
  [
    'a payment without its entry in the ledger',
    'I3',
    async () => {
      const { paymentId } = await world.sell();
      await payments('delete from ledger_transfers where payment_id = $1', paymentId);
      return paymentId;
    },
  ],
  [
    'a ledger that is a cent short',
    'I3',
    async () => {
      const refundId = await world.giveBack(await world.sell());
      await payments('update ledger_transfers set amount = amount - 1 where refund_id = $1', refundId);
      return refundId;
    },
  ],
  [
    'a dispute whose money is still booked as ours',
    'I3',
    async () => {
      const disputeId = await world.dispute(await world.sell());
      await payments('delete from ledger_transfers where dispute_id = $1', disputeId);
      return disputeId;
    },
  ],
  [
    'a dispute that is booked a cent short',
    'I3',
    async () => {
      const disputeId = await world.dispute(await world.sell());
      await payments('update ledger_transfers set amount = amount - 1 where dispute_id = $1', disputeId);
      return disputeId;
    },
  ],
  [
    'disputed money that is booked as back and never came',
    'I3',
    async () => {
      const sold = await world.sell();
      const disputeId = await world.dispute(sold);
      await world.winDispute(sold, disputeId);
      await payments('update disputes set reinstated = false where id = $1', disputeId);
      return disputeId;
    },
  ],
  [
    'money put aside for no refund',
    'I3',
    async () => {
      const { paymentId } = await world.sell();
      await payments('update payments set refunded_total = 1 where id = $1', paymentId);
      return paymentId;
    },
  ],
  [
    'a payment of another sum than is owed',
    'I3',
    async () => {
      const { orderId, paymentId } = await world.sell();
      await payments('update owed_orders set total = total - 1 where order_id = $1', orderId);
      return paymentId;
    },
  ],
  [
    'a ticket for a hold',
    'I4',
    async () => {
      const orderId = await world.hold();
      const ticketId = uuid();
      await tickets(
        `insert into tickets (id, tenant_id, order_id, event_id, ticket_type_id, holder_id, unit_price)
         select $2, tenant_id, id, event_id, $3, user_id, 0 from orders where id = $1`,
        orderId,
        ticketId,
        world.typeId,
      );
      return ticketId;
    },
  ],
  [
    'an order confirmed as free that has a price',
    'I4',
    async () => {
      const orderId = await world.sellAtDesk();
      await tickets(`update orders set confirmed_how = 'free' where id = $1`, orderId);
      return orderId;
    },
  ],
  [
    'an order confirmed without a payment',
    'I4',
    async () => {
      const orderId = await world.sellAtDesk();
      await tickets(`update orders set confirmed_how = 'paid' where id = $1`, orderId);
      return orderId;
    },
  ],
  [
    'an order confirmed by a payment that never succeeded',
    'I4',
    async () => {
      const { orderId, paymentId } = await world.sell();
      await payments('delete from ledger_transfers where payment_id = $1', paymentId);
      await payments(`update payments set status = 'expired', paid = 0, paid_currency = null where id = $1`, paymentId);
      return orderId;
    },
  ],
  [
    'a ticket that was admitted twice',
    'I5',
    async () => {
      const [ticketId] = (await world.sell()).ticketIds;
      // The database itself would refuse the second one.
      await tickets('drop index gate_scans_in_force');
      await world.admit(ticketId);
      await world.admit(ticketId);
      return ticketId;
    },
  ],
  [
    'an admission that was taken back without a reason',
    'I5',
    async () => {
      const [ticketId] = (await world.sell()).ticketIds;
      await world.admit(ticketId);
      await tickets(`update tickets set status = 'valid', checked_in_at = null where id = $1`, ticketId);
      await tickets('update gate_scans set undone_at = now() where ticket_id = $1', ticketId);
      return ticketId;
    },
  ],
  [
    'an admitted ticket that is valid again',
    'I5',
    async () => {
      const [ticketId] = (await world.sell()).ticketIds;
      await world.admit(ticketId);
      await tickets(`update tickets set status = 'valid' where id = $1`, ticketId);
      return ticketId;
    },
  ],
  [
    'an answer that promised an order that is not there',
    'I7',
    async () => {
      const key = uuid();
      await tickets(
        `insert into idempotency_keys (tenant_id, caller_id, key, fingerprint, status, body)
         select tenant_id, user_id, $1, '', 201, json_build_object('id', $2::uuid) from orders limit 1`,
        key,
        uuid(),
      );
      return key;
    },
  ],
  ['a hold that outlived its end', 'I9', () => world.hold(-31)],
  [
    'a confirmed order without a mail',
    'I10',
    async () => {
      const { orderId } = await world.sell();
      await world.notifications.asOwner(`delete from mails where facts ->> 'orderId' = $1`, [orderId]);
      return orderId;
    },
  ],
  [
    'a mail without an order',
    'I10',
    async () => {
      const orderId = uuid();
      await world.notifications.asOwner(
        `insert into mails (id, tenant_id, message_id, correlation_id, kind, recipient, facts)
         values ($1, $1, $1, 'c', 'order-expired', 'a@example.org', jsonb_build_object('orderId', $2::uuid))`,
        [uuid(), orderId],
      );
      return orderId;
    },
  ],
  ...(
    [
      ['a ticket that somebody took', `update tickets set holder_id = $2 where id = $1`],
      ['a ticket that was handed on with its codes', ACCEPTED],
      ['an open offer of a ticket that somebody else holds', OFFERED],
    ] as const
  ).map(([what, sql]): (typeof misdeeds)[number] => [
    what,
    'I12',
    async () => {
      const [ticketId] = (await world.sell()).ticketIds;
      const thief = uuid();
      await tickets(
        `insert into users (id, email, password_hash, name) values ($1, $1::uuid || '@example.org', '', 'Eve')`,
        thief,
      );
      await tickets(sql, ticketId, thief);
      return ticketId!;
    },
  ]),
  ...(
    [
      ['an order that went back to pending', `update orders set status = 'pending' where id = $1`],
      ['a confirmed order that expired', `update orders set status = 'expired', reason = 'hold-expired' where id = $1`],
      ['a paid order that was cancelled', `update orders set status = 'cancelled', reason = 'buyer' where id = $1`],
      ['an order that ended without a reason', `update orders set status = 'refunded' where id = $1`],
      ['a confirmed order with a reason for its end', `update orders set reason = 'buyer' where id = $1`],
      ['a payment of an order that a desk sold', `update orders set confirmed_how = 'desk' where id = $1`],
      [
        'a refunded order that nobody ever confirmed',
        `update orders set status = 'refunded', reason = 'refund', confirmed_how = null, payment_id = null where id = $1`,
      ],
    ] as const
  ).map(([what, sql]): (typeof misdeeds)[number] => [
    what,
    'I11',
    async () => {
      const { orderId } = await world.sell();
      await tickets(sql, orderId);
      return orderId;
    },
  ]),
];

describe('the audit', () => {
  it.each(misdeeds)('reports %s as breaking %s', async (_, invariant, commit) => {
    const offender = await commit();
    const isAskedAtRest = ['I9', 'I10', 'I13'].includes(invariant);
    const report = await world.audit({ ...(isAskedAtRest && rest), only: [invariant as 'I1'] });
    expect(stateOf(report, invariant)).toBe('broken');
    expect(brokenIn(report)).toContain(offender);
    expect(report.exitCode).toBe(1);
  });

  it('shows the first offenders only, and says how many there are', async () => {
    const [judgement] = (await world.audit({ only: ['I11'], examples: 2 })).judgements;
    const [finding] = judgement?.findings ?? [];
    expect(finding?.examples).toHaveLength(2);
    expect(finding?.found).toBeGreaterThan(2);
  });
});

describe('messages', () => {
  let fresh: World;
  beforeAll(async () => {
    fresh = await World.open();
  });
  afterAll(() => fresh?.close());
  const ask = (options = {}) => fresh.audit({ atRest: true, waitSeconds: 1, only: ['I6', 'I10'], ...options });

  it('that wait in an outbox break I6, and what they would change is not judged', async () => {
    await fresh.sell();
    await fresh.notifications.asOwner('delete from mails');
    await fresh.tickets.asOwner(
      `insert into outbox (id, tenant_id, type, correlation_id, data) values ($1, $1, 'order.confirmed.v1', 'c', '{}')`,
      [uuid()],
    );
    const report = await ask();
    expect(brokenIn(report)).toContain('"outbox of ticket-api":1');
    expect(report.judgements.map(({ state }) => state)).toEqual(['broken', 'not-checked']);
    await fresh.tickets.asOwner('delete from outbox');
  });

  it.each([
    ['wait in a queue', 'payment-service'],
    ['died', 'payment-service.dead-letters'],
  ])('that %s break I6', async (_, queue) => {
    const client = new pg.Client({ connectionString: fresh.brokerUrl });
    await client.connect();
    await client.query(`insert into pgboss.job (name, data) values ($1, '{"envelope": {}}')`, [queue]);
    const report = await ask();
    expect(brokenIn(report)).toContain(`"${queue}":1`);
    expect(stateOf(report, 'I6')).toBe('broken');
    if (queue.endsWith('dead-letters')) expect(stateOf(await ask({ expectedDeadLetters: 1 }), 'I6')).toBe('holds');
    await client.query('delete from pgboss.job');
    await client.end();
  });

  it('that cannot be counted leave I6 unchecked, never held', async () => {
    const report = await fresh.audit(
      { ...rest, only: ['I6'] },
      { broker: { BROKER_DATABASE_URL: 'postgres://127.0.0.1:1/nowhere' } },
    );
    expect([stateOf(report, 'I6'), report.exitCode]).toEqual(['not-checked', 2]);
  });
});

describe('what two services do not agree on', () => {
  it('is looked at again, and only what stays is reported', async () => {
    const fresh = await World.open();
    try {
      const [late, lost] = [await fresh.hold(), await fresh.hold()];
      const kept = await fresh.payments.asOwner<{ row: object }>(
        'delete from owed_orders where order_id = any($1) returning to_jsonb(owed_orders) as row',
        [[late, lost]],
      );
      const asked = fresh.audit({ only: ['I2'], patienceSeconds: 6 });
      await sleep(1500);
      await fresh.payments.asOwner(`insert into owed_orders select (jsonb_populate_record(null::owed_orders, $1)).*`, [
        JSON.stringify(kept.map(({ row }) => row as { order_id: string }).find((row) => row.order_id === late)),
      ]);
      const broken = brokenIn(await asked);
      expect(broken).toContain(lost);
      expect(broken).not.toContain(late);
    } finally {
      await fresh.close();
    }
  });

  it('is not broken because a database was away for a moment, and unknown while it stays away', async () => {
    const fresh = await World.open();
    const { cable, url } = await Cable.to(fresh.payments.ownerUrl, 5432);
    const databases = { ...fresh.sources.databases, 'payment-service': url };
    try {
      const late = await fresh.hold();
      const [kept] = await fresh.payments.asOwner<{ row: object }>(
        'delete from owed_orders where order_id = $1 returning to_jsonb(owed_orders) as row',
        [late],
      );
      const awayFor = async (milliseconds: number) => {
        await sleep(500);
        await cable.pull();
        await sleep(milliseconds);
        await cable.plugIn();
      };
      const away = awayFor(4_000);
      const unknown = await fresh.audit({ only: ['I2'], patienceSeconds: 2 }, { databases });
      await away;
      expect(stateOf(unknown, 'I2')).toBe('not-checked');
      const back = awayFor(1_500);
      const asked = fresh.audit({ only: ['I2'], patienceSeconds: 6 }, { databases });
      await back;
      await fresh.payments.asOwner(`insert into owed_orders select (jsonb_populate_record(null::owed_orders, $1)).*`, [
        JSON.stringify(kept?.row),
      ]);
      expect(stateOf(await asked, 'I2')).toBe('holds');
    } finally {
      await cable.pull();
      await fresh.close();
    }
  });
});

describe('row-level security', () => {
  let fresh: World;
  beforeAll(async () => {
    fresh = await World.open();
    await fresh.sell();
  });
  afterAll(() => fresh?.close());
  const ask = () => fresh.audit({ only: ['I8'] });

  it('holds as the migrations leave it', async () => {
    expect([brokenIn(await ask()), (await ask()).exitCode]).toEqual(['[]', 0]);
  });

  it.each([
    [
      'is off',
      'alter table orders disable row level security',
      'alter table orders enable row level security',
      'orders',
    ],
    [
      'is missing on a new table',
      'create table gifts (tenant_id uuid)',
      'drop table gifts',
      'gifts has no tenant policy',
    ],
    [
      'shows everything to everybody',
      'create policy more on tickets for select using (true)',
      'drop policy more on tickets',
      'rows are seen though nothing is set',
    ],
  ])('that %s breaks I8', async (_, breakIt, mend, said) => {
    await fresh.tickets.asOwner(breakIt);
    const report = await ask();
    await fresh.tickets.asOwner(mend);
    expect(brokenIn(report)).toContain(said);
  });

  it('that binds the audit itself leaves everything unchecked: rules that see nothing would hold', async () => {
    const bound = { databases: { 'ticket-api': fresh.tickets.url } };
    const report = await fresh.audit({ only: ['I1', 'I5'] }, bound);
    expect(report.judgements.map(({ state }) => state)).toEqual(['not-checked', 'not-checked']);
  });
});
