import { Injectable } from '@nestjs/common';
import type { Envelope } from '@app/contracts';
import { Database } from '@app/persistence';
import { v7 as uuid } from 'uuid';

/** Steps that other services tell of, and whose they are. */
const told = {
  'checkout-opened': 'payment-service',
  'payment-succeeded': 'payment-service',
  'payment-failed': 'payment-service',
  'payment-expired': 'payment-service',
  'payment-disputed': 'payment-service',
  'dispute-closed': 'payment-service',
  'refund-succeeded': 'payment-service',
  'refund-failed': 'payment-service',
  'refund-retried': 'payment-service',
  'refund-settled': 'payment-service',
  'mail-queued': 'notification-service',
  'mail-sent': 'notification-service',
  'mail-failed': 'notification-service',
} as const;
type ToldStep = keyof typeof told;

/** What an organizer asks for where an order is stuck. */
export type Repair = 'mail-requested' | 'recheck-requested';

/**
 * The part of an order's timeline that no other table knows, inside the open transaction of the order's tenant. What
 * `orders`, `tickets` and `refunds` tell with its time is not written twice, so that placing an order costs nothing more.
 */
@Injectable()
export class OrderStepStore {
  constructor(private readonly database: Database) {}

  /** Each message is one step, however often it comes, at the time that it tells; what else it tells is the detail. */
  async hear(step: ToldStep, messages: readonly Envelope<{ orderId: string }>[]): Promise<void> {
    const transaction = this.database.current();
    const rows = messages.map(({ id, occurredAt: at, data: { orderId, ...detail } }) => ({
      ...{ id, at, detail },
      order_id: orderId,
    }));
    await transaction.query(HEAR, [transaction.tenantId, step, told[step], JSON.stringify(rows)], 'hear-steps');
  }

  /** An organizer's repair, and who asked for it. @returns when */
  async repair(orderId: string, step: Repair, detail: object): Promise<Date> {
    const transaction = this.database.current();
    const [row] = await transaction.query<{ at: Date }>(
      `insert into order_steps (tenant_id, order_id, id, step, service, at, detail)
       values ($1, $2, $3, $4, 'ticket-api', now(), $5) returning at`,
      [transaction.tenantId, orderId, uuid(), step, detail],
    );
    return row!.at;
  }

  /** Also when the word of it came after the order's end. The column knows orders older than their steps. */
  async checkoutWasOpened(orderId: string): Promise<boolean> {
    const [row] = await this.database.current().query<{ opened: boolean }>(
      `select payment_opened_at is not null
         or exists (select from order_steps where order_id = $1 and step = 'checkout-opened') as opened
       from orders where id = $1`,
      [orderId],
    );
    return row?.opened ?? false;
  }

  /** How often an order, which is locked, was repaired this way within an hour, and in how many seconds the first of them is older. */
  async recentRepairs(orderId: string, step: Repair): Promise<{ count: number; secondsToOldest: number }> {
    const [row] = await this.database.current().query<{ count: number; secondsToOldest: number }>(
      `select count(*)::int as count, coalesce(ceil(extract(epoch from min(at) + interval '1 hour' - now())), 0)::int as "secondsToOldest"
       from order_steps where order_id = $1 and step = $2 and at > now() - interval '1 hour'`,
      [orderId, step],
    );
    return row!;
  }
}

const HEAR = `
  insert into order_steps (tenant_id, order_id, id, step, service, at, detail)
  select $1, told.order_id, told.id, $2, $3, told.at, told.detail
  from json_to_recordset($4) as told (order_id uuid, id uuid, at timestamptz, detail jsonb)
  on conflict do nothing`;
