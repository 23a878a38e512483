import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { audit } from '../audit.mjs';
import { innerSide } from './databases.mjs';
import { People } from './people.mjs';
import { startPlatform } from './platform.mjs';
import { Sale } from './sale.mjs';

const PEOPLE = 200;
/** Tickets of an event that never sells out here. */
const ENDLESS = 10_000_000;
const POLL = 50;
const PATIENCE = 180_000;

/** A platform with an organizer, buyers and an event that does not end, and what its clients have seen. */
export class Site {
  static async open(root, environment) {
    const platform = await startPlatform(root, environment);
    try {
      const inner = await innerSide(platform);
      const people = await People.of({ url: platform.url, inner });
      const site = new Site(platform, inner, people);
      await site.signIn();
      site.endless = await site.sale.event(ENDLESS);
      return site;
    } catch (error) {
      await platform.stop();
      throw error;
    }
  }

  /** Ids of the orders whose 201 a client has seen. */
  seen = [];

  constructor(platform, inner, people) {
    Object.assign(this, { platform, inner, people, url: platform.url, sale: new Sale(platform.url) });
    this.waiting = [
      { url: inner.databases.of['ticket-api'].ownerUrl, sql: 'select count(*)::int as count from outbox' },
      { url: inner.databases.of['payment-service'].ownerUrl, sql: 'select count(*)::int as count from outbox' },
      {
        url: inner.databases.broker.ownerUrl,
        // A job may carry several messages.
        sql: `select coalesce(sum(coalesce(jsonb_array_length(data -> 'envelopes'), 1)), 0)::int as count
              from pgboss.job where state in ('created', 'retry', 'active') and name not like '%dead%'`,
      },
    ].map(({ url, sql }) => ({ pool: new pg.Pool({ connectionString: url, max: 1 }), sql }));
  }

  /** Anew for each figure, as tokens last ten minutes. The buyers are few, so that their signatures are soon known. */
  async signIn() {
    this.ids ??= (await this.people.join(PEOPLE + 1)).map(({ id }) => id);
    [this.organizer, ...this.buyers] = await this.people.signIn(this.ids);
    this.sale.organizer = this.organizer.headers;
  }

  /** Messages on their way, over all services; counted from where they leave to where they arrive, lest one slip by. */
  async backlog() {
    let count = 0;
    for (const { pool, sql } of this.waiting) count += (await pool.query(sql)).rows[0].count;
    return count;
  }

  /** Waits until every message has had its effect, so that the next figure does not pay for the last one. */
  async quiet() {
    let left;
    for (const end = Date.now() + PATIENCE; ; await sleep(POLL)) {
      const before = left;
      left = await this.backlog();
      // An effect may have sent a message meanwhile.
      if (left === 0 && before === 0) return;
      if (Date.now() > end) throw new Error(`${left} messages are still on their way.`);
    }
  }

  async audit() {
    await this.quiet();
    const { 'ticket-api': sold, 'payment-service': owed } = this.inner.databases.of;
    return audit(sold.ownerUrl, this.seen, owed.ownerUrl);
  }

  async close() {
    for (const { pool } of this.waiting) await pool.end();
    await this.platform.stop();
  }
}
