import type { Identity } from '@app/auth';
import { openTicketApi, type Answer, type TicketApi } from '../../testing/open-ticket-api.js';
import { addEvent, addOrganization, addPerson, addTickets, type SeededEvent } from '../../testing/seed.js';
import { TicketsModule } from '../../tickets/tickets.module.js';
import { CheckInModule } from '../check-in.module.js';

export interface KnownTicket {
  ticketId: string;
  code: string;
}

const TICKET_READS = [
  ...['listTickets', 'listMyTickets', 'listTicketsOfUser', 'listTicketsOfUserAndEvent'],
  ...['listTicketsOfEvent', 'getTicket', 'ticket files'],
];

/** An event with its staff, whose tickets come to its gates. */
export class Door {
  private constructor(
    readonly api: TicketApi,
    readonly organizer: Identity,
    readonly scanner: Identity,
    readonly holder: Identity,
    readonly event: SeededEvent,
  ) {}

  static async open(): Promise<Door> {
    const api = await openTicketApi([TicketsModule, CheckInModule], ['check-in', 'ticket codes', ...TICKET_READS]);
    const [organizer, scanner] = [await addPerson(api.db, 'Olga'), await addPerson(api.db, 'Sam')];
    const holder = await addPerson(api.db, 'Hana');
    const event = await addEvent(api.db, await addOrganization(api.db, { organizer, scanner }));
    return new Door(api, organizer, scanner, holder, event);
  }

  close(): Promise<void> {
    return this.api.close();
  }

  /** A new ticket with its code. */
  async ticket(): Promise<KnownTicket> {
    const [ticket] = await this.tickets(1);
    return ticket!;
  }

  async tickets(quantity: number): Promise<KnownTicket[]> {
    const { ticketIds } = await addTickets(this.api.db, this.event, this.holder, quantity);
    return Promise.all(
      ticketIds.map(async (ticketId) => {
        const { body } = await this.call(
          'GET',
          `/tickets/${ticketId}/qr?format=json&kind=static`,
          undefined,
          this.holder,
        );
        return { ticketId, code: body.code as string };
      }),
    );
  }

  call(method: string, path: string, body?: object, as: Identity = this.scanner): Promise<Answer> {
    return this.api.call(method, path, { as, ...(body ? { body } : {}) });
  }

  checkIn({ ticketId, code }: KnownTicket, body: object = {}): Promise<Answer> {
    return this.call('POST', `/tickets/${ticketId}/checkin`, { code, ...body });
  }

  checkOut({ ticketId, code }: KnownTicket, body: object = {}): Promise<Answer> {
    return this.call('POST', `/tickets/${ticketId}/checkout`, { code, ...body });
  }

  undo({ ticketId }: KnownTicket, body: object = {}): Promise<Answer> {
    return this.call('POST', `/tickets/${ticketId}/checkin/undo`, { reason: 'wrong person', ...body });
  }

  /** The log of a ticket, oldest first. */
  async scansOf({ ticketId }: KnownTicket): Promise<Answer['body'][]> {
    const { body } = await this.call('GET', `/tickets/${ticketId}/scans?limit=100`, undefined, this.organizer);
    return [...body.data].reverse();
  }

  allowReentry(isAllowed = true): Promise<unknown> {
    return this.api.db.asOwner('update events set reentry_allowed = $2 where id = $1', [this.event.eventId, isAllowed]);
  }
}

/** Status and code of a refusal, or status alone. */
export const told = ({ status, body }: Answer): [number, string | undefined] => [status, body?.code];
