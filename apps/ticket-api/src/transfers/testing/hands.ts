import type { Identity } from '@app/auth';
import type { Type } from '@nestjs/common';
import { CheckInModule } from '../../check-in/check-in.module.js';
import { ErasureModule } from '../../erasure/erasure.module.js';
import { OrdersModule } from '../../orders/orders.module.js';
import { openTicketApi, type Answer, type TicketApi } from '../../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, addTickets, type SeededEvent } from '../../testing/seed.js';
import { TicketsModule } from '../../tickets/tickets.module.js';
import { ExpireTransfers } from '../expire-transfers/expire-transfers.js';
import { TransfersModule } from '../transfers.module.js';

const features = [TicketsModule, CheckInModule, OrdersModule, TransfersModule, ErasureModule];
const handled = [
  'tickets',
  'ticket codes',
  'ticket files',
  'check-in',
  'orders',
  'bookings',
  'catalogue',
  'identity',
  'eraseAccount',
];

/** An event whose tickets go from hand to hand. */
export class Hands {
  organizer!: Identity;
  scanner!: Identity;
  /** Who buys; and two friends with proven addresses. */
  ada!: Identity;
  bob!: Identity;
  cleo!: Identity;
  event!: SeededEvent;

  private constructor(readonly api: TicketApi) {}

  static async open(others: Type[] = []): Promise<Hands> {
    const hands = new Hands(await openTicketApi([...features, ...others], handled));
    await hands.refresh();
    return hands;
  }

  /** Other people, and another event of another organization. */
  async refresh(): Promise<void> {
    const names = ['Olga', 'Sam', 'Ada', 'Bob', 'Cleo'];
    const people = await Promise.all(names.map((name) => this.person(name)));
    [this.organizer, this.scanner, this.ada, this.bob, this.cleo] = people as [
      ...[Identity, Identity, Identity, Identity, Identity],
    ];
    const { organizer, scanner } = this;
    this.event = await addEvent(this.api.db, await addOrganization(this.api.db, { organizer, scanner }));
  }

  async person(name: string, isVerified = true): Promise<Identity> {
    const person = await addPerson(this.api.db, name);
    if (isVerified)
      await this.api.db.asOwner('update users set email_verified_at = now() where id = $1', [person.userId]);
    return person;
  }

  /** Paid by Ada. */
  bought(quantity = 1, event = this.event): Promise<{ orderId: string; ticketIds: string[] }> {
    return addTickets(this.api.db, event, this.ada, quantity);
  }

  async ticket(event = this.event): Promise<string> {
    return (await this.bought(1, event)).ticketIds[0]!;
  }

  offer(ticketId: string, to: Identity | string, as = this.ada, headers = {}): Promise<Answer> {
    const email = typeof to === 'string' ? to : to.email;
    return this.api.call('POST', `/tickets/${ticketId}/transfer`, { as, body: { email }, headers });
  }

  /** An offer of a new ticket by Ada to Bob. */
  async offered(event = this.event): Promise<{ ticketId: string; transferId: string }> {
    const ticketId = await this.ticket(event);
    const { body } = await this.offer(ticketId, this.bob);
    return { ticketId, transferId: body.id };
  }

  accept(transferId: string, as = this.bob): Promise<Answer> {
    return this.api.call('POST', `/tickets/transfers/${transferId}/accept`, { as });
  }

  decline(transferId: string, as = this.bob): Promise<Answer> {
    return this.api.call('POST', `/tickets/transfers/${transferId}/decline`, { as });
  }

  withdraw(transferId: string, as = this.ada): Promise<Answer> {
    return this.api.call('DELETE', `/tickets/transfers/${transferId}`, { as });
  }

  read(transferId: string, as = this.ada): Promise<Answer> {
    return this.api.call('GET', `/tickets/transfers/${transferId}`, { as });
  }

  async mine(as: Identity, query = ''): Promise<any> {
    return (await this.api.call('GET', `/tickets/transfers${query}`, { as })).body;
  }

  history(ticketId: string, as: Identity): Promise<Answer> {
    return this.api.call('GET', `/tickets/${ticketId}/transfers`, { as });
  }

  async code(ticketId: string, as: Identity): Promise<string> {
    return (await this.api.call('GET', `/tickets/${ticketId}/qr?format=json`, { as })).body.code;
  }

  enter(ticketId: string, code: string): Promise<Answer> {
    return this.api.call('POST', `/tickets/${ticketId}/checkin`, { as: this.scanner, body: { code } });
  }

  /** The timer's look. */
  look(): Promise<boolean> {
    return this.api.app.get(ExpireTransfers, { strict: false }).look();
  }

  /** What other services were told of a transfer. */
  async told(type: string, transferId: string) {
    return (await this.api.told(type)).filter((data) => data.transferId === transferId);
  }

  async row(ticketId: string): Promise<{ holder_id: string; holder_version: number; status: string }> {
    const sql = 'select holder_id, holder_version, status from tickets where id = $1';
    return (await this.api.db.asOwner<any>(sql, [ticketId]))[0];
  }
}
