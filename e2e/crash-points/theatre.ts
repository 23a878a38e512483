import { randomUUID } from 'node:crypto';
import type { Platform } from '@app/testing';
import type { MailCatcher } from '../../apps/notification-service/src/testing/mail-catcher.js';
import { Client, eventually } from '../support/client.js';
import { asOwner } from '../support/owner.js';
import { press } from '../support/payment-page.js';
import { PASSWORD } from '../support/people.js';
import { sale, type Sale } from '../support/sale.js';
import { PatientClient } from './patient-client.js';
import { Shopper, type Held } from './shopper.js';
import { Simulator } from './simulator.js';
import { Turns } from './turns.js';

export const CAPACITY = 200;
export const PRICE = 4500;

export interface Stage {
  platform: Platform;
  mails: MailCatcher;
}

/** What a round's scenes share: an event on sale, who sells it, and the provider. */
export class Theatre {
  readonly simulator: Simulator;
  private readonly checkouts = new Turns();

  private constructor(
    readonly stage: Stage,
    readonly selling: Sale,
    readonly organizer: Shopper,
  ) {
    this.simulator = new Simulator(stage.platform);
  }

  static async open(stage: Stage): Promise<Theatre> {
    const selling = await sale(stage.platform, { capacity: CAPACITY, price: { amount: PRICE, currency: 'EUR' } });
    return new Theatre(stage, selling, new Shopper(selling.organizer.email, selling.organizer.client, selling));
  }

  /** With a new account, and the mail that proves its address. */
  async shopper(): Promise<Shopper> {
    const client = new Client(this.stage.platform.api);
    const anonymous = new PatientClient(client);
    const credentials = { email: `shopper-${randomUUID()}@example.com`, password: PASSWORD };
    await anonymous.ask(201, 'POST', '/auth/signup', { ...credentials, name: 'Paula Patient' });
    const { body } = await anonymous.ask(200, 'POST', '/auth/token', { grantType: 'password', ...credentials });
    return new Shopper(credentials.email, client.as(body.accessToken), this.selling);
  }

  /** A paid order with its tickets. */
  async buy(shopper: Shopper, quantity = 1, of: Pick<Sale, 'eventId' | 'typeId'> = this.selling): Promise<Held> {
    const held = await shopper.hold(quantity, of);
    await press(await this.openPage(shopper, held), 'pay');
    await shopper.see(held, ({ status }) => status === 'confirmed');
    return held;
  }

  async openPage(shopper: Shopper, held: Held): Promise<string> {
    const page = await this.checkouts.take(() => shopper.openPage(held));
    if (page === null) throw new Error('The provider was away for another buyer than the one that it was meant for.');
    return page;
  }

  /**
   * Nobody else opens a checkout until the provider has failed this buyer. @returns whether the buyer was told so: a
   * process may have died with that answer, and the repetition went well
   */
  async failToOpenPage(shopper: Shopper, held: Held): Promise<boolean> {
    const fault = { fault: 'error', status: 500, method: 'POST', path: '/v1/checkout/sessions', times: 1 };
    return this.checkouts.take(async () => {
      const { id } = await this.simulator.tell('POST', '/faults', fault);
      const page = await shopper.openPage(held);
      await this.simulator.tell('DELETE', `/faults/${id}`);
      return page === null;
    });
  }

  /** One more event of the organizer's, on sale for nothing: what becomes of it harms no other scene. */
  async announce(): Promise<Pick<Sale, 'eventId' | 'typeId'>> {
    const [eventId, typeId, counterId] = [randomUUID(), randomUUID(), randomUUID()];
    const tenantId = this.selling.organizationId;
    const write = (sql: string, ...given: unknown[]) => asOwner(this.stage.platform, sql, given, 'ticket_api');
    await write(
      `insert into events (id, tenant_id, title, status, venue_name, starts_at, ends_at, timezone, refundable_until)
       values ($1, $2, 'Jazz', 'published', 'Hall', now() + interval '9 days', now() + interval '10 days', 'UTC', now() + interval '9 days')`,
      ...[eventId, tenantId],
    );
    await write(
      'insert into stock_counters (id, tenant_id, event_id, capacity) values ($1, $2, $3, 9)',
      ...[counterId, tenantId, eventId],
    );
    await write(
      `insert into ticket_types (id, tenant_id, event_id, counter_id, name, price, currency, max_per_order)
       values ($1, $2, $3, $4, 'Seat', 0, 'EUR', 9)`,
      ...[typeId, tenantId, eventId, counterId],
    );
    return { eventId, typeId };
  }

  /** It is the day before the event, and who has bought did so days ago. */
  async comeNear(eventId: string): Promise<void> {
    const sql = `with near as (
        update events set starts_at = now() + interval '5 hours', ends_at = now() + interval '8 hours' where id = $1
      ) update tickets set created_at = now() - interval '3 days' where event_id = $1`;
    await asOwner(this.stage.platform, sql, [eventId], 'ticket_api');
  }

  /** Waits until a mail of this kind to somebody is recorded. */
  async seeMail({ email }: Shopper, kind: string): Promise<void> {
    const sql = 'select from mails where recipient = $1 and kind = $2';
    await eventually(
      `${kind} to ${email}`,
      () => asOwner(this.stage.platform, sql, [email, kind], 'notification_service'),
      (rows) => rows.length > 0,
      120_000,
    );
  }

  /** The hold's time is over, for both services that look at it: waiting for it would hurry those who pay. */
  async endHold({ id }: Held): Promise<void> {
    const { platform } = this.stage;
    await asOwner(platform, 'update payments set close_due_at = now() where order_id = $1', [id], 'payment_service');
    await asOwner(platform, 'update orders set expires_at = now() where id = $1', [id], 'ticket_api');
  }
}
