import { randomUUID } from 'node:crypto';
import type { Platform } from '@app/testing';
import type { MailCatcher } from '../../apps/notification-service/src/testing/mail-catcher.js';
import { Client } from '../support/client.js';
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
  async buy(shopper: Shopper, quantity = 1): Promise<Held> {
    const held = await shopper.hold(quantity);
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

  /** The hold's time is over, for both services that look at it: waiting for it would hurry those who pay. */
  async endHold({ id }: Held): Promise<void> {
    const { platform } = this.stage;
    await asOwner(platform, 'update payments set close_due_at = now() where order_id = $1', [id], 'payment_service');
    await asOwner(platform, 'update orders set expires_at = now() where id = $1', [id], 'ticket_api');
  }
}
