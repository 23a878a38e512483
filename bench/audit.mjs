import pg from 'pg';

/**
 * What must be true of ticket-api's database after any run, whatever was measured.
 * @param seen ids of the orders whose 201 a client has seen
 * @returns what is wrong, in words; empty when all is well
 */
export async function audit(databaseUrl, seen) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const wrong = [];
    for (const { says, sql } of RULES) {
      const { rows } = await client.query(sql);
      if (rows.length > 0) wrong.push(`${says}: ${rows.length}, such as ${JSON.stringify(rows[0])}`);
    }
    const { rows } = await client.query('select count(*)::int as count from orders where id = any($1)', [seen]);
    const lost = seen.length - rows[0].count;
    if (lost > 0) wrong.push(`orders whose 201 was seen and that are not there: ${lost}`);
    if (new Set(seen).size !== seen.length) wrong.push('an order was answered to two requests with keys of their own');
    return wrong;
  } finally {
    await client.end();
  }
}

const RULES = [
  {
    says: 'counters that do not hold what their orders took, or are out of bounds',
    sql: `select c.id, c.capacity, c.taken, coalesce(sum(i.quantity - i.returned), 0)::int as held
          from stock_counters c
          left join (order_items i join orders o on o.tenant_id = i.tenant_id and o.id = i.order_id and o.status in ('pending', 'confirmed'))
            on i.tenant_id = c.tenant_id and i.counter_id = c.id
          group by c.id, c.capacity, c.taken
          having c.taken <> coalesce(sum(i.quantity - i.returned), 0) or c.taken < 0 or c.taken > c.capacity`,
  },
  {
    says: 'keys that answer with an order that is not there',
    sql: `select k.key from idempotency_keys k where k.status = 201 and not exists (select from orders o where o.id::text = k.body ->> 'id') limit 10`,
  },
];
