\set buyer random(1, :buyers)
with held as (
  update stock_counters set taken = taken + 1 where id = :counter::uuid and taken + 1 <= capacity
  returning tenant_id, event_id
), placed as (
  insert into orders (id, tenant_id, event_id, user_id, status, total, currency, expires_at)
  select uuidv7(), tenant_id, event_id, ('00000000-0000-7000-8000-' || lpad(:buyer::text, 12, '0'))::uuid, 'pending', 4500, 'EUR', now() + interval '15 minutes'
  from held returning tenant_id, id
), lines as (
  insert into order_items (tenant_id, order_id, ticket_type_id, counter_id, name, quantity, unit_price)
  select tenant_id, id, :type::uuid, :counter::uuid, 'Standing', 1, 4500 from placed
)
insert into outbox (id, tenant_id, type, correlation_id, data)
select uuidv7(), tenant_id, 'order.reserved.v1', id::text, :message::jsonb from placed;
