/**
 * Seconds, with where each comes from.
 *
 * MEASURED: this repository at 464c25c, 8744f67 and 633a6ae (2026-11-21), `npm start`'s processes with embedded PostgreSQL 18
 * and RabbitMQ on two cores that others used as well, load generator beside them; CPU seconds of each process from /proc,
 * after 5,000 to 15,000 orders of warm-up, fitted to runs of 1, 16 and 256 callers (groups of 1, 7, 80–128) and of 16 events.
 * Fits of different runs differ by a third. A quiet machine is faster: what counts are ratios, and who is full first.
 * SHARE: how a measured sum divides, from the durations of statements in PostgreSQL's log and the gaps between them.
 * DOCUMENT: see docs/scaling.md. ASSUMED: nobody measured it here.
 */
export const constants = {
  gateway: {
    /** MEASURED 190 µs an order: token, limits, body; SHARE (ASSUMED): two thirds before the group leaves. */
    receive: 125e-6,
    answer: 65e-6,
    /** MEASURED 1.0–1.2 ms a group: JSON, signature, hop. ASSUMED: an order without company costs half of that. */
    group: 1e-3,
    alone: 0.5e-3,
  },
  ticketApi: {
    /** MEASURED 150–200 µs an order and 2 ms a group, relay included; SHARE below. */
    before: { group: 0.5e-3, order: 35e-6 },
    whileLocked: { group: 0.8e-3, order: 60e-6 },
    after: { group: 0.2e-3, order: 25e-6 },
    relay: { pass: 0.5e-3, message: 30e-6 },
  },
  database: {
    /** MEASURED 60–90 µs an order and 1.5 ms a group, relay included; SHARE by statement. */
    before: { group: 0.25e-3, order: 3e-6 },
    whileLocked: { group: 0.85e-3, order: 55e-6 },
    relay: { pass: 0.4e-3, message: 10e-6 },
    /** Flights of statements: the door and the keys; counters and sale, locked half way; what is written; the commit. */
    roundTripsBefore: 1.5,
    roundTripsWhileLocked: 2,
    /** `pgbench` on one row with 8 to 128 clients (performance figures of the design): linear in those who wait. */
    handOver: { base: 90e-6, perWaiter: 7.3e-6 },
  },
  payment: {
    /** MEASURED 105 µs a message; its database 80 µs; SHARE (ASSUMED): a sixth of it belongs to the group. */
    service: { group: 0.8e-3, message: 90e-6 },
    database: { group: 0.8e-3, message: 65e-6 },
  },
  broker: {
    /** DOCUMENT: a rate at which RabbitMQ's own tests ran one quorum queue for long; its peak is above 20,000. */
    queue: 1 / 10_000,
    /** ASSUMED beside the flush of its own log. */
    confirm: 1e-3,
  },
  /** MEASURED 100 µs a request of the load generator; only where it shares the machine. */
  client: 100e-6,
  /** ASSUMED: between machines of one zone, one way. */
  hop: 150e-6,
  /**
   * Those of the platform when the constants above were measured: `ORDER_BATCH_SIZE`, `ORDER_BATCHES`, `ORDER_QUEUE`, the
   * gateway's 64; messages likewise. Since then a pass of the relay carries 500 and a consumer's transaction 200, so messages
   * are simulated as dearer than they are.
   */
  limits: {
    gateway: { parallel: 64, perKey: 2, waiting: 4_000, patience: 1.5 },
    ticketApi: { parallel: 8, waiting: 4_000 },
    batchSize: 256,
    relayPass: 100,
    consumer: { batchSize: 50, parallel: 4, waiting: 10_000, prefetch: 100 },
  },
};
