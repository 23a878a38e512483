import { follow, pause } from './clock.mjs';
import { Lanes } from './lanes.mjs';
import { EventLoop } from './machine.mjs';

/** Rows that were committed with their orders and were not carried to the broker yet, by tenant. */
export class Outbox {
  rows = [];

  add(tenant, count) {
    for (let index = 0; index < count; index += 1) this.rows.push(tenant);
  }

  claim(most) {
    return this.rows.splice(0, most);
  }
}

/** One of a ticket-api process: pass after pass while there are rows, each of them one transaction. */
export class Relay {
  #running = false;

  constructor(site, loop) {
    this.site = site;
    this.loop = loop;
  }

  wake() {
    if (this.#running) return;
    this.#running = true;
    follow(this.#passes(), () => (this.#running = false));
  }

  *#passes() {
    const { clock, database, log, outbox, broker, hop, constants } = this.site;
    for (;;) {
      const claimed = outbox.claim(constants.limits.relayPass);
      if (claimed.length === 0) return;
      const { relay } = constants.database;
      yield database.use(relay.pass + relay.message * claimed.length);
      yield this.loop.use(constants.ticketApi.relay.pass + constants.ticketApi.relay.message * claimed.length);
      yield pause(clock, 5 * 2 * hop + constants.broker.confirm + log.flushSeconds);
      broker.publish(claimed);
      yield log.flush();
    }
  }
}

/** One queue, whose process hands out a message at a time, to consumers in turn that have room for more. */
export class Queue {
  messages = [];
  busy = 0;
  #handing = false;
  #turn = 0;

  constructor(site) {
    this.site = site;
    this.consumers = [];
  }

  publish(messages) {
    for (const message of messages) this.messages.push(message);
    this.hand();
  }

  hand() {
    if (this.#handing || this.messages.length === 0) return;
    const taker = this.#takerInTurn();
    if (!taker) return;
    const { clock, constants } = this.site;
    this.#handing = true;
    const message = this.messages.shift();
    taker.room -= 1;
    clock.after(constants.broker.queue, () => {
      this.busy += constants.broker.queue;
      this.#handing = false;
      taker.take(message);
      this.hand();
    });
  }

  #takerInTurn() {
    for (let tried = 0; tried < this.consumers.length; tried += 1) {
      const consumer = this.consumers[this.#turn++ % this.consumers.length];
      if (consumer.room > 0) return consumer;
    }
    return undefined;
  }
}

/** payment-service: messages of a tenant that wait together share a transaction. */
export class Consumer {
  constructor(site, host) {
    this.site = site;
    this.loop = new EventLoop(host);
    const { prefetch, ...limits } = site.constants.limits.consumer;
    this.room = prefetch;
    this.lanes = new Lanes(site.clock, (_tenant, messages) => this.#transact(messages.length), limits);
  }

  take(tenant) {
    this.lanes.submit(tenant)(() => {
      this.room += 1;
      this.site.tally.messages += 1;
      this.site.broker.hand();
    });
  }

  *#transact(messages) {
    const { clock, database, log, hop, constants } = this.site;
    const { service, database: statements } = constants.payment;
    yield this.loop.use(service.group + service.message * messages);
    yield database.use(statements.group + statements.message * messages);
    yield pause(clock, 5 * 2 * hop);
    yield log.flush();
  }
}
