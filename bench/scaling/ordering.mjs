import { follow, pause } from './clock.mjs';
import { Lanes } from './lanes.mjs';
import { EventLoop, RowLock } from './machine.mjs';

const cost = ({ group, order }, orders) => group + order * orders;

/** ticket-api: members of the groups that arrive wait in the process's lane of their event and share a transaction. */
export class TicketApi {
  constructor(site, host) {
    this.site = site;
    this.loop = new EventLoop(host);
    this.lanes = new Lanes(site.clock, (event, orders) => this.#transact(event, orders.length), {
      batchSize: site.batchSize,
      ...site.constants.limits.ticketApi,
    });
  }

  /** @returns how many of the group were placed */
  *group(event, orders) {
    const { ticketApi } = this.site.constants;
    yield this.loop.use(cost(ticketApi.before, orders));
    const placed = yield (resume) => {
      let [open, good] = [orders, 0];
      for (let index = 0; index < orders; index += 1)
        this.lanes.submit(event)((isPlaced) => {
          if (isPlaced) good += 1;
          open -= 1;
          if (open === 0) resume(good);
        });
    };
    yield this.loop.use(cost(ticketApi.after, orders));
    return placed;
  }

  *#transact(event, orders) {
    const { clock, database, log, outbox, constants } = this.site;
    const { before, whileLocked, roundTripsBefore, roundTripsWhileLocked } = constants.database;
    const roundTrip = 2 * this.site.hop;
    yield database.use(cost(before, orders));
    yield pause(clock, roundTripsBefore * roundTrip);
    const counter = this.site.counterOf(event);
    yield counter.acquire();
    yield database.use(cost(whileLocked, orders));
    yield this.loop.use(cost(constants.ticketApi.whileLocked, orders));
    yield pause(clock, roundTripsWhileLocked * roundTrip);
    yield log.flush();
    counter.release();
    outbox.add(event, orders);
    this.relay.wake();
  }
}

/** The gateway: orders of an event that arrive while a group of it is on its way are the next group. */
export class Gateway {
  #turn;

  constructor(site, host, index) {
    this.site = site;
    this.loop = new EventLoop(host);
    this.#turn = index;
    this.lanes = new Lanes(site.clock, (event, orders) => this.#send(event, orders.length), {
      batchSize: site.batchSize,
      ...site.constants.limits.gateway,
    });
  }

  /** @returns whether the order was placed */
  *order(event) {
    const { gateway } = this.site.constants;
    yield this.loop.use(gateway.receive);
    const placed = this.site.batchSize > 1 ? yield this.lanes.submit(event) : yield* this.#alone(event);
    yield this.loop.use(gateway.answer);
    return placed;
  }

  *#alone(event) {
    return (yield* this.#send(event, 1)) > 0;
  }

  *#send(event, orders) {
    const { clock, hop, ticketApis, constants } = this.site;
    yield this.loop.use(orders > 1 ? constants.gateway.group : constants.gateway.alone);
    yield pause(clock, hop);
    const placed = yield* ticketApis[this.#turn++ % ticketApis.length].group(event, orders);
    yield pause(clock, hop);
    return placed === orders;
  }
}

/** The events' counters: one row each. */
export function counters(clock, handOver) {
  const rows = new Map();
  const counterOf = (event) => {
    if (!rows.has(event)) rows.set(event, new RowLock(clock, handOver));
    return rows.get(event);
  };
  return { rows, counterOf };
}

/** A client's order at one of the gateways. */
export function place(site, gateway, event, ended) {
  const since = site.clock.now;
  site.tally.arrived(since);
  follow(gateway.order(event), (placed) => {
    site.tally.left(since, site.clock.now, placed);
    ended?.();
  });
}
