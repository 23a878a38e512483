import { on } from '../../bench/stage/databases.mjs';

/** Requests at a time. */
const AT_ONCE = 16;

/** What had no final answer is asked for again with its key, now that nothing is in the way. */
export async function resolveOpen(record, caller) {
  for (const request of record.open.splice(0)) {
    const answer = await caller.call(...request);
    const [, method, path, { key }] = request;
    if (!answer) record.wrong.push(`${method} ${path} has no final answer even now (${key})`);
    if (answer?.status === 201) record.placed(key, answer.body, request);
  }
}

/**
 * Whether everything that clients were told with a 2xx is still true, each key names one order, and there is no order that
 * nobody asked for. What is not so goes into the record.
 */
export async function judgeClients(record, caller, { inner }) {
  const told = [...record.orders];
  await inParallel(told, async ([key, { id, request }]) => {
    const again = await caller.call(...request);
    if (again?.status !== 201 || again.body.id !== id)
      record.wrong.push(`${key} was order ${id} and is ${again?.status} ${again?.body?.id ?? again?.body?.code}`);
    const [buyer] = request;
    const now = await caller.call(buyer, 'GET', `/orders/${id}`);
    if (now?.status !== 200) return void record.wrong.push(`order ${id} was told of and is ${now?.status}`);
    const facts = record.facts.get(id) ?? [];
    const order = { ...now.body, timeline: [], isOver: record.cancelledEvents.has(now.body.eventId) };
    if (facts.some(({ what }) => what === 'step'))
      order.timeline = (await caller.call(buyer, 'GET', `/orders/${id}/timeline`))?.body?.data ?? [];
    for (const fact of facts) judgeFact(fact, order, record);
    if (order.isOver && order.status === 'pending')
      record.wrong.push(`order ${id} is pending though its event is cancelled`);
  });
  const rows = await on(inner.databases.of['ticket-api'].ownerUrl, 'select id from orders');
  const known = new Set(told.map(([, { id }]) => id));
  if (known.size !== told.length) record.wrong.push('one order was the answer to several keys');
  const nobodys = rows.filter(({ id }) => !known.has(id));
  if (nobodys.length > 0) record.wrong.push(`${nobodys.length} orders that no client knows, such as ${nobodys[0].id}`);
}

const PAID = new Set(['confirmed', 'refunded']);

const JUDGES = {
  step: ({ step }, { timeline }) => timeline.some((one) => one.step === step),
  confirmed: ({ tickets }, order) => {
    const there = new Set(order.tickets.map(({ id }) => id));
    // What cost nothing may be cancelled, too.
    const isAllowed = order.status === 'cancelled' ? order.isOver || order.total.amount === 0 : PAID.has(order.status);
    return isAllowed && tickets.every((id) => there.has(id));
  },
  cancelled: (_, { status }) => status === 'cancelled',
  'given back': ({ tickets, amount }, order) =>
    order.refunded.amount + order.refundPending.amount >= amount &&
    order.tickets.filter(({ id }) => tickets.includes(id)).every(({ status }) => status === 'void'),
  // Of a cancelled event all tickets become void, used ones, too.
  entered: ({ ticketId, gate, checkedInAt }, { tickets, isOver }) =>
    tickets.some(
      (one) =>
        one.id === ticketId &&
        (isOver && one.status === 'void'
          ? true
          : one.status === 'checked_in' && one.gate === gate && one.checkedInAt === checkedInAt),
    ),
};

function judgeFact(fact, order, record) {
  if (JUDGES[fact.what](fact, order)) return;
  const { status, tickets, refunded, refundPending } = order;
  const now = { status, refunded, refundPending, tickets: tickets.map(({ id, status }) => `${id} ${status}`) };
  record.wrong.push(`order ${order.id}: a client was told ${JSON.stringify(fact)}, and it is ${JSON.stringify(now)}`);
}

async function inParallel(list, work) {
  const left = [...list];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = left.shift(); next; next = left.shift()) await work(next);
    }),
  );
}
