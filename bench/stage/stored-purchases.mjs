import { randomBytes, randomUUID } from 'node:crypto';
import { on } from './databases.mjs';

const CURRENCY = 'EUR';

/**
 * Orders that were placed, paid, confirmed and mailed before, written by the owner at every service and at the provider as
 * the services leave them: as many as are wished for, in seconds. `npm run audit` finds nothing wrong with them. Each
 * belongs to a buyer of its own.
 * @param databases as `innerSide` tells them @param price minor units of one ticket @param quantities tickets of each order
 * @returns of each { orderId, userId, paymentId, paymentIntent, quantity, total }
 */
export async function storePurchases(databases, { tenantId, eventId, typeId, price, quantities }) {
  const purchases = quantities.map((quantity) => ({
    orderId: randomUUID(),
    userId: randomUUID(),
    paymentId: randomUUID(),
    ...{ paymentIntent: id('pi'), charge: id('ch'), session: id('cs_test'), transaction: id('txn') },
    ...{ quantity, total: quantity * price },
  }));
  const sale = { tenantId, eventId, typeId, price };
  for (const [service, statements] of Object.entries(STATEMENTS)) {
    const { ownerUrl } = databases.of[service];
    await on(ownerUrl, (client) => write(client, purchases, sale, statements));
    await on(ownerUrl, 'analyze');
  }
  return purchases.map(({ orderId, userId, paymentId, paymentIntent, quantity, total }) => ({
    ...{ orderId, userId, paymentId, paymentIntent, quantity, total },
  }));
}

const id = (prefix) => `${prefix}_${randomBytes(12).toString('hex')}`;

async function write(client, purchases, sale, statements) {
  await client.query('begin');
  await client.query(`create temp table purchases (${COLUMNS}) on commit drop`);
  await client.query(`insert into purchases select * from json_to_recordset($1) as given (${COLUMNS})`, [
    JSON.stringify(purchases),
  ]);
  await client.query(
    'create temp table sale ("tenantId" uuid, "eventId" uuid, "typeId" uuid, price bigint) on commit drop',
  );
  await client.query('insert into sale values ($1, $2, $3, $4)', [
    sale.tenantId,
    sale.eventId,
    sale.typeId,
    sale.price,
  ]);
  for (const statement of statements) await client.query(statement);
  await client.query('commit');
}

const COLUMNS = `"orderId" uuid, "userId" uuid, "paymentId" uuid, "paymentIntent" text, charge text, session text,
  transaction text, quantity int, total bigint`;

const EMAIL = `"userId" || '@bench.example'`;

const STATEMENTS = {
  'ticket-api': [
    `insert into users (id, email, password_hash, name, email_verified_at)
     select "userId", ${EMAIL}, '-', 'Bench', now() from purchases`,
    `insert into orders (id, tenant_id, event_id, user_id, status, confirmed_how, payment_id, total, currency, expires_at)
     select "orderId", "tenantId", "eventId", "userId", 'confirmed', 'paid', "paymentId", total, '${CURRENCY}', now()
     from purchases, sale`,
    `insert into order_items (tenant_id, order_id, ticket_type_id, counter_id, name, quantity, unit_price)
     select "tenantId", "orderId", t.id, t.counter_id, t.name, quantity, sale.price
     from purchases, sale join ticket_types t on t.id = sale."typeId"`,
    `update stock_counters set taken = taken + (select sum(quantity) from purchases)
     where id = (select counter_id from ticket_types, sale where id = "typeId")`,
    `insert into tickets (id, tenant_id, order_id, event_id, ticket_type_id, holder_id, unit_price)
     select uuidv7(), "tenantId", "orderId", "eventId", "typeId", "userId", price
     from purchases, sale, generate_series(1, quantity)`,
  ],
  'payment-service': [
    `insert into owed_orders (tenant_id, order_id, user_id, buyer_email, event_title, items, total, currency, expires_at, closed_at, correlation_id)
     select "tenantId", "orderId", "userId", ${EMAIL}, 'The rush', '[]', total, '${CURRENCY}', now(), now(), "orderId"::text
     from purchases, sale`,
    `insert into payment_accounts (id, tenant_id, provider) select gen_random_uuid(), "tenantId", 'stripe' from sale
     on conflict do nothing`,
    `insert into payments (id, tenant_id, order_id, user_id, status, amount, currency, correlation_id, idempotency_key, parameters,
       session_id, session_url, payment_intent, paid, paid_currency, close_due_at, paid_at, account_id)
     select "paymentId", sale."tenantId", "orderId", "userId", 'succeeded', total, '${CURRENCY}', "orderId"::text, 'payment:' || "paymentId",
       '{}', session, 'https://checkout.invalid/' || session, "paymentIntent", total, '${CURRENCY}', now(), now(), a.id
     from purchases, sale join payment_accounts a on a.tenant_id = sale."tenantId" and a.provider_account_id is null`,
    `insert into ledger_transfers (id, tenant_id, order_id, payment_id, what, debit_account, credit_account, amount, currency)
     select uuidv7(), "tenantId", "orderId", "paymentId", 'payment', 'provider-balance', 'organization-payable', total, '${CURRENCY}'
     from purchases, sale`,
  ],
  'notification-service': [
    `insert into mails (id, tenant_id, message_id, correlation_id, kind, recipient, facts, status, attempts, sent_at)
     select uuidv7(), "tenantId", gen_random_uuid(), "orderId"::text, 'order-confirmed', ${EMAIL},
       jsonb_build_object('orderId', "orderId"), 'sent', 1, now()
     from purchases, sale`,
  ],
  'stripe-simulator': [
    `insert into payment_intent (id, amount, currency, status, amount_received, client_secret, metadata, latest_charge)
     select "paymentIntent", total, lower('${CURRENCY}'), 'succeeded', total, "paymentIntent" || '_secret', ${metadata()}, charge
     from purchases, sale`,
    `insert into checkout_session (id, expires_at, status, payment_status, amount_total, currency, success_url, metadata, line_items,
       payment_intent_data, payment_intent)
     select session, unix_now(), 'complete', 'paid', total, lower('${CURRENCY}'), 'https://checkout.invalid', ${metadata()}, '[]', '{}',
       "paymentIntent"
     from purchases, sale`,
    `insert into charge (id, amount, currency, payment_intent, status, metadata, balance_transaction)
     select charge, total, lower('${CURRENCY}'), "paymentIntent", 'succeeded', ${metadata()}, transaction from purchases, sale`,
    `insert into balance_transaction (id, amount, currency, type, reporting_category, source, available_on)
     select transaction, total, lower('${CURRENCY}'), 'charge', 'charge', charge, unix_now() from purchases`,
  ],
};

function metadata() {
  return `jsonb_build_object('tenant_id', "tenantId", 'order_id', "orderId", 'payment_id', "paymentId")`;
}
