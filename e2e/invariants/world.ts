import { randomBytes } from 'node:crypto';
import { audit, type AuditOptions, type Sources } from '@app/invariants';
import { migrateBroker } from '@app/messaging';
import { createTestDatabase, dropDatabase, testServerUrl, type TestDatabase } from '@app/testing';
import { v7 as uuid } from 'uuid';
import { migrations as notificationMigrations } from '../../apps/notification-service/src/migrations/index.js';
import { migrations as paymentMigrations } from '../../apps/payment-service/src/migrations/index.js';
import { migrations as ticketMigrations } from '../../apps/ticket-api/src/migrations/index.js';

export type Report = Awaited<ReturnType<typeof audit>>;

export const PRICE = 4500;

const COMING = new Set(['payment', 'refund-returned', 'dispute-reinstated']);
const TO_US = ['provider-balance', 'organization-payable'];
const FROM_US = ['organization-payable', 'provider-balance'];

export interface StoredOrder {
  orderId: string;
  paymentId: string;
  ticketIds: string[];
  paymentIntent: string;
}

/** The databases of all services, with rows as the services leave them, and nobody who would mend what a spec breaks. */
export class World {
  tenantId = uuid();
  private readonly userId = uuid();
  private readonly eventId = uuid();
  readonly typeId = uuid();
  readonly counterId = uuid();

  private constructor(
    readonly tickets: TestDatabase,
    readonly payments: TestDatabase,
    readonly notifications: TestDatabase,
    readonly brokerUrl: string,
  ) {}

  static async open(): Promise<World> {
    const brokerUrl = new URL(testServerUrl());
    brokerUrl.pathname = `/audit_broker_${randomBytes(5).toString('hex')}`;
    await migrateBroker({ url: brokerUrl.href, password: 'of-a-spec' });
    const world = new World(
      await createTestDatabase(ticketMigrations, 'audit_tickets'),
      await createTestDatabase(paymentMigrations, 'audit_payments'),
      await createTestDatabase(notificationMigrations, 'audit_mails'),
      brokerUrl.href,
    );
    await world.furnish();
    return world;
  }

  async close(): Promise<void> {
    for (const database of [this.tickets, this.payments, this.notifications]) await database.drop();
    await dropDatabase(new URL(this.brokerUrl).pathname.slice(1));
  }

  get sources(): Sources {
    return {
      databases: {
        'ticket-api': this.tickets.ownerUrl,
        'payment-service': this.payments.ownerUrl,
        'notification-service': this.notifications.ownerUrl,
      },
      broker: { BROKER_DATABASE_URL: this.brokerUrl },
    };
  }

  audit(options: Partial<AuditOptions> = {}, sources: Partial<Sources> = {}): Promise<Report> {
    return audit(
      { ...this.sources, ...sources },
      {
        ...{ atRest: false, waitSeconds: 0, patienceSeconds: 0, examples: 1000 },
        ...{ expectedDeadLetters: 0, providerHours: 24 },
        ...options,
      },
    );
  }

  /** A paid order of two tickets, with all that it leaves at every service. */
  async sell(paymentIntent = `pi_${uuid()}`): Promise<StoredOrder> {
    const [orderId, paymentId] = [uuid(), uuid()];
    await this.place(orderId, { status: 'confirmed', how: 'paid', paymentId });
    const ticketIds = await this.issue(orderId);
    await this.payments.asOwner(
      `insert into owed_orders (tenant_id, order_id, user_id, buyer_email, event_title, items, total, currency, expires_at)
       values ($1, $2, $3, 'a@example.org', 'Jazz', '[]', $4, 'EUR', now())`,
      [this.tenantId, orderId, this.userId, 2 * PRICE],
    );
    await this.payments.asOwner(
      `insert into payments (id, tenant_id, order_id, user_id, status, amount, currency, correlation_id, idempotency_key,
         parameters, payment_intent, paid, paid_currency, close_due_at, paid_at)
       values ($1, $2, $3, $4, 'succeeded', $5, 'EUR', 'c', $1::uuid::text, '{}', $6, $5, 'EUR', now(), now())`,
      [paymentId, this.tenantId, orderId, this.userId, 2 * PRICE, paymentIntent],
    );
    await this.book({ orderId, paymentId }, 'payment', 2 * PRICE);
    await this.notifications.asOwner(
      `insert into mails (id, tenant_id, message_id, correlation_id, kind, recipient, facts, status, sent_at)
       values ($1, $2, $3, 'c', 'order-confirmed', 'a@example.org', jsonb_build_object('orderId', $4::uuid), 'sent', now())`,
      [uuid(), this.tenantId, uuid(), orderId],
    );
    return { orderId, paymentId, ticketIds, paymentIntent };
  }

  /** A ticket of the order is given back: void, its stock free, the money moved. @returns the refund */
  async giveBack({ orderId, paymentId, ticketIds }: StoredOrder, providerRefundId = `re_${uuid()}`): Promise<string> {
    const refundId = uuid();
    await this.tickets.asOwner(
      `insert into refunds (id, tenant_id, order_id, amount, reason, status) values ($1, $2, $3, $4, 'refund', 'succeeded')`,
      [refundId, this.tenantId, orderId, PRICE],
    );
    await this.tickets.asOwner(
      `update tickets set status = 'void', holder_version = holder_version + 1, refund_id = $2 where id = $1`,
      [ticketIds[0], refundId],
    );
    await this.tickets.asOwner(`update order_items set returned = returned + 1 where order_id = $1`, [orderId]);
    await this.tickets.asOwner(`update orders set refunded = refunded + $2 where id = $1`, [orderId, PRICE]);
    await this.tickets.asOwner(`update stock_counters set taken = taken - 1 where id = $1`, [this.counterId]);
    await this.payments.asOwner('update payments set refunded_total = refunded_total + $2 where id = $1', [
      paymentId,
      PRICE,
    ]);
    await this.payments.asOwner(
      `insert into refunds (id, tenant_id, order_id, payment_id, user_id, origin, reason, status, amount, currency,
         correlation_id, provider_refund_id)
       values ($1, $2, $3, $4, $5, 'tickets-returned', 'refund', 'succeeded', $6, 'EUR', 'c', $7)`,
      [refundId, this.tenantId, orderId, paymentId, this.userId, PRICE, providerRefundId],
    );
    await this.book({ orderId, paymentId, refundId }, 'refund', PRICE);
    return refundId;
  }

  /** The bank took the money of an order back, whose event was cancelled then: its tickets are void, and no refund is made. */
  async dispute(
    { orderId, paymentId }: StoredOrder,
    providerDisputeId = `du_${uuid()}`,
    amount = 2 * PRICE,
  ): Promise<string> {
    const disputeId = uuid();
    await this.tickets.asOwner(
      `insert into disputes (id, tenant_id, order_id, payment_id, status) values ($1, $2, $3, $4, 'open')`,
      [disputeId, this.tenantId, orderId, paymentId],
    );
    await this.tickets.asOwner(
      `update tickets set status = 'void', holder_version = holder_version + 1 where order_id = $1`,
      [orderId],
    );
    await this.tickets.asOwner('update order_items set returned = quantity where order_id = $1', [orderId]);
    await this.tickets.asOwner(`update orders set status = 'refunded', reason = 'event-cancelled' where id = $1`, [
      orderId,
    ]);
    await this.tickets.asOwner('update stock_counters set taken = taken - 2 where id = $1', [this.counterId]);
    await this.payments.asOwner(
      `insert into disputes (id, tenant_id, order_id, payment_id, provider_dispute_id, status, amount, currency, reason, withdrawn, reinstated)
       values ($1, $2, $3, $4, $5, 'open', $6, 'EUR', 'fraudulent', true, false)`,
      [disputeId, this.tenantId, orderId, paymentId, providerDisputeId, amount],
    );
    await this.book({ orderId, paymentId, disputeId }, 'dispute-withdrawn', amount);
    return disputeId;
  }

  /** The bank gives the disputed money back; the tickets are left as they were. */
  async winDispute({ orderId, paymentId }: StoredOrder, disputeId: string): Promise<void> {
    const [won] = await this.payments.asOwner<{ amount: number }>(
      `update disputes set status = 'won', reinstated = true where id = $1 returning amount`,
      [disputeId],
    );
    await this.book({ orderId, paymentId, disputeId }, 'dispute-reinstated', won!.amount);
  }

  /** A hold that ends in so many seconds, known to payment-service. */
  async hold(seconds = 900): Promise<string> {
    const orderId = uuid();
    await this.place(orderId, { status: 'pending', how: null, paymentId: null }, seconds);
    await this.payments.asOwner(
      `insert into owed_orders (tenant_id, order_id, user_id, buyer_email, event_title, items, total, currency, expires_at)
       values ($1, $2, $3, 'a@example.org', 'Jazz', '[]', $4, 'EUR', now())`,
      [this.tenantId, orderId, this.userId, 2 * PRICE],
    );
    return orderId;
  }

  /** Sold at a desk: no payment of ours, though payment-service may have been told of the hold; and a mail. */
  async sellAtDesk(): Promise<string> {
    const orderId = await this.hold();
    await this.tickets.asOwner(`update orders set status = 'confirmed', confirmed_how = 'desk' where id = $1`, [
      orderId,
    ]);
    await this.issue(orderId);
    await this.notifications.asOwner(
      `insert into mails (id, tenant_id, message_id, correlation_id, kind, recipient, facts)
       values ($1, $2, $3, 'c', 'order-confirmed', 'a@example.org', jsonb_build_object('orderId', $4::uuid))`,
      [uuid(), this.tenantId, uuid(), orderId],
    );
    return orderId;
  }

  /** A ticket is admitted at a gate. */
  async admit(ticketId: string | undefined, scanId = uuid()): Promise<void> {
    await this.tickets.asOwner(`update tickets set status = 'checked_in', checked_in_at = now() where id = $1`, [
      ticketId,
    ]);
    await this.tickets.asOwner(
      `insert into gate_scans (tenant_id, scan_id, ticket_id, scanned_at) select tenant_id, $2, id, checked_in_at from tickets where id = $1`,
      [ticketId, scanId],
    );
  }

  /** The admission is taken back, by somebody who says why. */
  async takeBack(ticketId: string | undefined): Promise<void> {
    await this.tickets.asOwner(
      `with undone as (update gate_scans set undone_at = now() where ticket_id = $1 returning tenant_id, ticket_id),
         freed as (update tickets set status = 'valid', checked_in_at = null where id = $1)
       insert into gate_scans (tenant_id, ticket_id, result, reason) select tenant_id, ticket_id, 'undone', 'mistake' from undone`,
      [ticketId],
    );
  }

  /** One more movement of a refund's money in our books. */
  async bookRefund(refundId: string, what = 'refund'): Promise<void> {
    const accounts = what === 'refund-settled' ? ['organization-payable', 'paid-by-hand'] : undefined;
    const [refund] = await this.payments.asOwner<{ orderId: string; paymentId: string; amount: number }>(
      'select order_id as "orderId", payment_id as "paymentId", amount from refunds where id = $1',
      [refundId],
    );
    const { amount, ...of } = refund!;
    await this.book({ ...of, refundId }, what, amount, accounts);
  }

  private async book(
    of: { orderId: string; paymentId: string; refundId?: string; disputeId?: string },
    what: string,
    amount: number,
    accounts = COMING.has(what) ? TO_US : FROM_US,
  ) {
    await this.payments.asOwner(
      `insert into ledger_transfers (id, tenant_id, order_id, payment_id, refund_id, dispute_id, what, debit_account, credit_account, amount, currency, round)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'EUR', (select count(*) from ledger_transfers where refund_id = $5 and what = $7))`,
      [
        ...[uuid(), this.tenantId, of.orderId, of.paymentId, of.refundId ?? null, of.disputeId ?? null, what],
        ...accounts,
        amount,
      ],
    );
  }

  private async place(
    orderId: string,
    { status, how, paymentId }: { status: string; how: string | null; paymentId: string | null },
    seconds = 900,
  ): Promise<void> {
    await this.tickets.asOwner(
      `insert into orders (id, tenant_id, event_id, user_id, status, confirmed_how, payment_id, total, currency, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 'EUR', now() + make_interval(secs => $9))`,
      [orderId, this.tenantId, this.eventId, this.userId, status, how, paymentId, 2 * PRICE, seconds],
    );
    await this.tickets.asOwner(
      `insert into order_items (tenant_id, order_id, ticket_type_id, counter_id, name, quantity, unit_price)
       values ($1, $2, $3, $4, 'Standing', 2, $5)`,
      [this.tenantId, orderId, this.typeId, this.counterId, PRICE],
    );
    await this.tickets.asOwner('update stock_counters set taken = taken + 2 where id = $1', [this.counterId]);
  }

  private async issue(orderId: string): Promise<string[]> {
    const ticketIds = [uuid(), uuid()];
    await this.tickets.asOwner(
      `insert into tickets (id, tenant_id, order_id, event_id, ticket_type_id, holder_id, unit_price)
       select id, $2, $3, $4, $5, $6, $7 from unnest($1::uuid[]) as id`,
      [ticketIds, this.tenantId, orderId, this.eventId, this.typeId, this.userId, PRICE],
    );
    return ticketIds;
  }

  private async furnish(): Promise<void> {
    await this.tickets.asOwner(
      `insert into users (id, email, password_hash, name) values ($1, $1::uuid || '@example.org', '', 'Ada')`,
      [this.userId],
    );
    await this.tickets.asOwner(
      `insert into organizations (tenant_id, name, slug) values ($1, 'Jazz & Co.', $1::uuid::text)`,
      [this.tenantId],
    );
    await this.tickets.asOwner(
      `insert into events (id, tenant_id, title, status, venue_name, starts_at, ends_at, timezone, refundable_until)
       values ($1, $2, 'Jazz', 'published', 'Hall', now() + interval '1 day', now() + interval '2 days', 'UTC', now())`,
      [this.eventId, this.tenantId],
    );
    await this.tickets.asOwner(
      'insert into stock_counters (id, tenant_id, event_id, capacity) values ($1, $2, $3, 1000)',
      [this.counterId, this.tenantId, this.eventId],
    );
    await this.tickets.asOwner(
      `insert into ticket_types (id, tenant_id, event_id, counter_id, name, price, currency, max_per_order)
       values ($1, $2, $3, $4, 'Standing', $5, 'EUR', 10)`,
      [this.typeId, this.tenantId, this.eventId, this.counterId, PRICE],
    );
  }
}

/** What is said to be broken, with the offenders that are shown, as one text. */
export const brokenIn = (report: Report): string =>
  JSON.stringify(report.judgements.flatMap(({ findings }) => findings));
