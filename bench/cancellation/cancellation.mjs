import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { on } from '../stage/databases.mjs';
import { Site } from '../stage/site.mjs';
import { storePurchases } from '../stage/stored-purchases.mjs';
import { moneyBack } from './money-back.mjs';
import { buy, hold, openPage, pay } from './purchase.mjs';
import { spread, watch } from './watch.mjs';

/** Minor units of a ticket; odd, so that a sum that is rounded anywhere is noticed. */
const PRICE = 4567;
/** Two and three tickets by turns. */
const QUANTITIES = [2, 3];
/** Milliseconds between two purchases at another event. */
const PURCHASE_EVERY = 2_000;
const SIGN_IN_EVERY = 5 * 60_000;

/**
 * An event with paid orders is cancelled. Meanwhile buyers who had its payment page open pay, ticket-api and payment-service
 * are killed (`kill -9`) when a third of the money is back, and tickets of another event of the same organization are bought.
 * @param open how many holds of the event have their payment page open when it is cancelled; every second one is paid then
 * @returns { figures, wrong }: what was measured, and what is not as it was promised, in words
 */
export async function cancelEvent(root, { orders, perSecond, open = 20, limitSeconds, tell = () => undefined }) {
  const site = await Site.open(root, { ORDER_HOLD_SECONDS: '3600', REFUNDS_PER_SECOND: String(perSecond) });
  try {
    const run = new Cancellation(site, { orders, perSecond, open, limitSeconds, tell });
    await run.prepare();
    await run.cancel();
    return await run.judge(root);
  } finally {
    await site.close();
  }
}

class Cancellation {
  wrong = [];
  figures = {};
  purchases = [];
  killedAt = undefined;

  constructor(site, settings) {
    Object.assign(this, { site, ...settings });
  }

  async prepare() {
    const { site, orders } = this;
    this.sale = await site.sale.event(3 * orders + this.open, PRICE);
    const quantities = Array.from({ length: orders }, (_, n) => QUANTITIES[n % QUANTITIES.length]);
    this.tickets = quantities.reduce((sum, quantity) => sum + quantity, 0);
    const stored = await storePurchases(site.inner.databases, { ...this.sale, price: PRICE, quantities });
    this.orderIds = stored.map(({ orderId }) => orderId);
    this.tell(`${orders} orders of ${this.tickets} tickets are paid`);
    this.pages = [];
    for (let n = 0; n < this.open; n += 1) {
      const order = await hold(site, site.buyers[n % site.buyers.length], this.sale, `open-${n}`);
      this.orderIds.push(order.id);
      this.pages.push(await openPage(order));
    }
    // One purchase on a quiet platform, to compare with.
    this.figures.before = await buy(site, site.buyers[0], site.endless, 'before');
  }

  async cancel() {
    const { site, sale, figures } = this;
    const asked = performance.now();
    await site.sale.call('POST', `/events/${sale.eventId}/cancel`);
    figures.cancelMilliseconds = Math.round(performance.now() - asked);
    this.tell(`the event is cancelled after ${figures.cancelMilliseconds} ms`);
    const paying = Promise.all(this.pages.filter((_, n) => n % 2 === 0).map(pay)).catch((error) =>
      this.wrong.push(`a buyer could not pay: ${error.message}`),
    );
    const stop = new AbortController();
    const buying = this.buyElsewhere(stop.signal);
    const watched = await watch(site, sale.eventId, this.limitSeconds, (...progress) => this.follow(...progress));
    figures.doneSeconds = Math.round(watched.seconds);
    figures.memory = watched.memory;
    figures.progressMilliseconds = watched.answered;
    figures.orders = watched.progress?.orders;
    this.wrong.push(...watched.wrong);
    await this.mailed();
    stop.abort();
    await paying;
    await buying;
  }

  async follow({ orders, refunds }, seconds) {
    const { figures, site } = this;
    if (orders.toEnd === 0) figures.ordersEndedSeconds ??= Math.round(seconds);
    if (Math.round(seconds) % 10 === 0 && figures.toldAt !== Math.round(seconds)) {
      figures.toldAt = Math.round(seconds);
      this.tell(
        `${figures.toldAt} s: ${orders.toEnd} orders to end, ${refunds.moved.count} of ${refunds.requested.count} refunds moved`,
      );
    }
    if (this.killedAt !== undefined || refunds.moved.count < this.orders / 3) return;
    this.killedAt = seconds;
    this.tell(`${refunds.moved.count} refunds have moved: ticket-api and payment-service are killed`);
    const processes = JSON.parse(readFileSync(join(site.platform.dataDirectory, 'processes.json'), 'utf8'));
    for (const { name, pid } of processes)
      if (['ticket-api', 'payment-service'].includes(name)) process.kill(pid, 'SIGKILL');
  }

  /** One purchase after the other, until it is over; what failed is no promise that was kept. */
  async buyElsewhere(signal) {
    let signedIn = performance.now();
    for (let n = 0; !signal.aborted; n += 1) {
      if (performance.now() - signedIn > SIGN_IN_EVERY) {
        await this.site.signIn();
        signedIn = performance.now();
      }
      const begun = performance.now();
      const buyer = this.site.buyers[n % this.site.buyers.length];
      await buy(this.site, buyer, this.site.endless, `elsewhere-${n}`).then(
        (purchase) => this.purchases.push(purchase),
        (error) => this.wrong.push(`a purchase at another event: ${error.message}`),
      );
      await sleep(Math.max(0, begun + PURCHASE_EVERY - performance.now()), undefined, { signal }).catch(
        () => undefined,
      );
    }
  }

  /** Waits until every mail of the cancellation has left. */
  async mailed() {
    const since = performance.now();
    const { ownerUrl } = this.site.inner.databases.of['notification-service'];
    const waiting = () =>
      on(ownerUrl, `select count(*)::int as count from mails where status = 'queued'`).then(([{ count }]) => count);
    let left;
    while ((left = await waiting()) > 0 && (performance.now() - since) / 1000 < this.limitSeconds) {
      this.tell(`${left} mails wait`);
      await sleep(5_000);
    }
    if (left > 0) this.wrong.push(`mails that wait still: ${left}`);
    this.figures.mailsLeftSecondsLater = Math.round((performance.now() - since) / 1000);
  }

  async judge(root) {
    const { site, figures, wrong } = this;
    if (this.killedAt === undefined) wrong.push('nothing was killed: too few refunds had moved');
    figures.killedAtSeconds = Math.round(this.killedAt);
    figures.elsewhere = { purchases: this.purchases.length };
    for (const what of ['placed', 'confirmed', 'mailed'])
      figures.elsewhere[what] = spread(this.purchases.map((purchase) => purchase[what]));
    wrong.push(...(await auditOf(root, site.platform)));
    const { wrong: unpaid, ...money } = await moneyBack(site.inner.databases, this.orderIds, this.perSecond);
    wrong.push(...unpaid);
    figures.money = money;
    // Every second of those who had the page open; whoever came too late has paid nothing.
    if (money.payments < this.orders) wrong.push(`${money.payments} payments of ${this.orders}`);
    return { figures, wrong };
  }
}

/** `npm run audit -- --at-rest` of the platform. @returns its complaints */
function auditOf(root, { dataDirectory }) {
  const program = join(root, 'dist/programs/standalone/audit.js');
  return new Promise((resolve) => {
    const env = { ...process.env, DATA_DIR: dataDirectory };
    execFile(process.execPath, [program, '--at-rest', '--wait', '300'], { env }, (error, said) =>
      resolve(error ? [`the audit ended with ${error.code}: ${said}${error.message}`] : []),
    );
  });
}
