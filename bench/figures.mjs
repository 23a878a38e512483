import { measureCpu } from './figures/cpu.mjs';
import { measureDesk } from './figures/desk.mjs';
import { measureEngine } from './figures/engine.mjs';
import { measureTail } from './figures/latency.mjs';
import { measureMessages } from './figures/messages.mjs';
import { measureFirstTokens, measureOrders } from './figures/orders.mjs';
import { measureOverload } from './figures/overload.mjs';
import { measurePaper } from './figures/paper.mjs';
import { measureReads } from './figures/reads.mjs';
import { measureSlowCommits } from './figures/slow-commits.mjs';
import { measureSoak } from './figures/soak.mjs';
import { measureStored } from './figures/stored.mjs';
import { measureWebhooks } from './figures/webhooks.mjs';

/** What is measured together, in this order; each gives results by the ids of the table's rows. `says` is told before it. */
export const FIGURES = [
  {
    name: 'orders',
    says: 'orders through the gateway, against an echo and against one transaction an order; three platforms start first',
    measure: measureOrders,
  },
  {
    name: 'slow-commits',
    says: 'orders while each commit takes 2 ms longer',
    measure: measureSlowCommits,
    isLong: true,
  },
  {
    name: 'first-tokens',
    says: 'orders of buyers whose tokens are seen for the first time',
    measure: measureFirstTokens,
  },
  { name: 'cpu', says: 'computing time of a request', measure: measureCpu },
  { name: 'reads', says: '“sold out”, event pages, availability', measure: measureReads },
  { name: 'tail', says: 'latencies at half of the top rate, which is found first', measure: measureTail },
  { name: 'engine', says: 'reservations without HTTP, by number of callers', measure: measureEngine },
  { name: 'overload', says: 'twice as many orders as can be served', measure: measureOverload },
  { name: 'messages', says: 'what comes behind an order', measure: measureMessages },
  {
    name: 'stored',
    says: 'orders where many are stored already; storing them takes a while',
    measure: measureStored,
    isLong: true,
  },
  { name: 'soak', says: 'memory during a steady sale of minutes', measure: measureSoak, isLong: true },
  { name: 'paper', says: 'pages of one PDF', measure: measurePaper },
  { name: 'desk', says: 'check-ins and printed tickets', measure: measureDesk, isLong: true },
  // The last, as mails are being written long after.
  {
    name: 'webhooks',
    says: 'acknowledged payments, and what follows from them',
    measure: measureWebhooks,
    isLong: true,
  },
];
