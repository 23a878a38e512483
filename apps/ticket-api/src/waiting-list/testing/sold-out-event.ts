import type { Identity } from '@app/auth';
import { v7 as uuid } from 'uuid';
import { BoxOffice, PRICE } from '../../orders/testing/box-office.js';
import { ResaleModule } from '../../resale/resale.module.js';
import type { Answer } from '../../testing/open-ticket-api.js';
import { addPerson } from '../../testing/seed.js';
import { TicketsModule } from '../../tickets/tickets.module.js';
import { TransfersModule } from '../../transfers/transfers.module.js';
import { OfferReturned } from '../offer-returned/offer-returned.js';
import { WaitingListModule } from '../waiting-list.module.js';

/** An event with a waiting list and resale, of which `bought` orders have bought everything there was. */
export class SoldOutEvent {
  /** Orders of `people.buyer`, as many tickets each as they were told to have. */
  bought: string[] = [];

  private constructor(readonly office: BoxOffice) {}

  static async open(): Promise<SoldOutEvent> {
    const more = {
      features: [TicketsModule, TransfersModule, WaitingListModule, ResaleModule],
      tags: ['waiting-list', 'resale', 'tickets', 'ticket codes', 'ticket files'],
    };
    return new SoldOutEvent(await BoxOffice.open({ maxHoldsPerBuyer: 0 }, more));
  }

  get db() {
    return this.office.api.db;
  }

  call(method: string, path: string, as: Identity, body?: unknown): Promise<Answer> {
    return this.office.api.call(method, path, { as, body });
  }

  /** A new event, sold to the last ticket in paid orders of these quantities. */
  async announce(...quantities: number[]): Promise<void> {
    await this.office.announce();
    const capacity = quantities.reduce((sum, quantity) => sum + quantity, 0);
    await this.db.asOwner('update stock_counters set capacity = $2 where event_id = $1', [
      this.office.eventId,
      capacity,
    ]);
    await this.db.asOwner('update events set waiting_list = true, resale_allowed = true where id = $1', [
      this.office.eventId,
    ]);
    this.bought = [];
    for (const quantity of quantities) this.bought.push(await this.buy(quantity));
  }

  /** @returns the paid order's id */
  async buy(quantity: number, as = this.office.people.buyer): Promise<string> {
    const { id } = (await this.office.place(quantity, as)).body;
    await this.paid(id, quantity);
    return id;
  }

  /** Money for an order of this many tickets is there. */
  paid(orderId: string, quantity = 1, paymentId = uuid()): Promise<void> {
    return this.office.hear(() => this.office.paid(orderId, paymentId, quantity * PRICE));
  }

  /** Somebody with a proven e-mail. */
  async person(name = 'Wanda'): Promise<Identity> {
    const person = await addPerson(this.db, name);
    await this.db.asOwner('update users set email_verified_at = now() where id = $1', [person.userId]);
    return person;
  }

  join(as: Identity, quantity = 1, headers = {}): Promise<Answer> {
    const { eventId, typeId } = this.office;
    const path = `/events/${eventId}/ticket-types/${typeId}/waiting-list`;
    return this.office.api.call('POST', path, { as, body: { quantity }, headers });
  }

  /** A person who waits, in line after all others. */
  async waiting(quantity = 1, name = 'Wanda'): Promise<Identity & { entryId: string }> {
    const person = await this.person(name);
    return { ...person, entryId: (await this.join(person, quantity)).body.id };
  }

  async entryOf(as: Identity) {
    return (await this.call('GET', '/waiting-list', as)).body.data[0];
  }

  /** Tickets come back. */
  async refund(orderId: string, ticketIds?: string[]): Promise<void> {
    const { organizer } = this.office.people;
    const answer = await this.call('POST', `/orders/${orderId}/refund`, organizer, ticketIds && { ticketIds });
    if (answer.status !== 202) throw new Error(`The refund was refused: ${JSON.stringify(answer.body)}`);
  }

  async ticketsOf(orderId: string): Promise<string[]> {
    const rows = await this.db.asOwner<{ id: string }>('select id from tickets where order_id = $1 order by number', [
      orderId,
    ]);
    return rows.map(({ id }) => id);
  }

  serve(): Promise<boolean> {
    return this.office.get(OfferReturned).look();
  }

  async available(): Promise<number> {
    const { eventId } = this.office;
    const { body } = await this.office.api.call('GET', `/events/${eventId}/availability`);
    return body.ticketTypes[0].available;
  }

  /** That what is awaited is what those in line want. */
  async wrongCounts(): Promise<unknown[]> {
    return this.db.asOwner(
      `select c.id from stock_counters c where c.awaited <> coalesce(
         (select sum(w.quantity) from waiting_list_entries w where w.counter_id = c.id and w.status = 'waiting' and w.counted), 0)`,
    );
  }
}
