/**
 * Orders of one ticket each that somebody placed before, written by the owner: as many as are wished for, in seconds.
 * Each belongs to a buyer of its own, as in a sale that is limited per buyer.
 * @param how `desk`: sold and paid at a desk, each with its ticket; `hold`: reserved, each with its message in the outbox
 * @returns ids, in pairs: { orderId, ticketId }
 */
export async function storeOrders(client, { tenantId, eventId, typeId, count, how }) {
  await client.query('begin');
  // The rows fit together; checking every foreign key would take longer than all the rest.
  await client.query('set local session_replication_role = replica');
  await client.query('create temp table stored (order_id uuid, ticket_id uuid, user_id uuid) on commit drop');
  await client.query(
    'insert into stored select uuidv7(), uuidv7(), gen_random_uuid() from generate_series(1, $1::int)',
    [count],
  );
  await client.query(`insert into users (id, email, password_hash, name, email_verified_at)
    select user_id, user_id || '@bench.example', '-', 'Bench', now() from stored`);
  const sale = [tenantId, eventId];
  await client.query(
    `insert into orders (id, tenant_id, event_id, user_id, status, confirmed_how, total, currency, expires_at)
     select order_id, $1, $2, user_id, $3, $4, 4500, 'EUR', now() + interval '1 day' from stored`,
    [...sale, ...(how === 'desk' ? ['confirmed', 'desk'] : ['pending', null])],
  );
  await client.query(
    `insert into order_items (tenant_id, order_id, ticket_type_id, counter_id, name, quantity, unit_price)
     select t.tenant_id, s.order_id, t.id, t.counter_id, t.name, 1, 4500 from stored s, ticket_types t where t.id = $1`,
    [typeId],
  );
  await client.query(
    'update stock_counters set taken = taken + $2 where id = (select counter_id from ticket_types where id = $1)',
    [typeId, count],
  );
  if (how === 'desk')
    await client.query(
      `insert into tickets (id, tenant_id, order_id, event_id, ticket_type_id, holder_id, unit_price)
       select ticket_id, $1, order_id, $2, $3, user_id, 4500 from stored`,
      [...sale, typeId],
    );
  else await client.query(MESSAGES, [...sale, typeId]);
  const { rows } = await client.query('select order_id as "orderId", ticket_id as "ticketId" from stored');
  await client.query('commit');
  return rows;
}

const MESSAGES = `
  insert into outbox (id, tenant_id, type, correlation_id, data)
  select uuidv7(), $1, 'order.reserved.v1', s.order_id::text, jsonb_build_object(
    'orderId', s.order_id,
    'event', jsonb_build_object(
      'id', e.id, 'title', e.title, 'startsAt', e.starts_at, 'endsAt', e.ends_at, 'timezone', e.timezone,
      'venue', jsonb_build_object('name', e.venue_name, 'address', e.venue_address, 'city', e.venue_city)),
    'buyer', jsonb_build_object('id', s.user_id, 'name', 'Bench', 'email', s.user_id || '@bench.example'),
    'items', jsonb_build_array(jsonb_build_object(
      'ticketTypeId', $3::uuid, 'name', 'Standing', 'quantity', 1, 'unitPrice', jsonb_build_object('amount', 4500, 'currency', 'EUR'))),
    'total', jsonb_build_object('amount', 4500, 'currency', 'EUR'),
    'expiresAt', to_char(now() + interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
  from stored s, events e where e.id = $2`;
