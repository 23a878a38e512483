import { Injectable } from '@nestjs/common';
import type { Buyer, EventFacts } from '@app/contracts';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import {
  EVENT_FACTS,
  toEventFacts,
  toStored,
  TRANSFER_COLUMNS,
  TRANSFER_TABLES,
  type EventRow,
  type TransferRow,
} from './transfer-row.js';
import type { HandingOn, OfferedTicket, Person, StoredTransfer } from './transfer.js';

export interface NewTransfer {
  id: string;
  ticketId: string;
  eventId: string;
  fromUser: string;
  toEmail: string;
  holderVersion: number;
}

interface TicketRow extends EventRow {
  status: OfferedTicket['status'];
  holder_id: string;
  holder_version: number;
  is_closed: boolean;
  is_allowed: boolean;
}

const CLOSED = `e.status <> 'published' or e.suspended or e.ends_at <= now() as is_closed, e.transfers_allowed as is_allowed`;

/** Offers of tickets, inside the open transaction of the ticket's tenant. A ticket is locked before its offer, never after it. */
@Injectable()
export class TransferStore {
  constructor(private readonly database: Database) {}

  /** The ticket, locked until the transaction ends, and its event. */
  async lockTicket(
    ticketId: string,
  ): Promise<{ ticket: OfferedTicket; event: HandingOn; facts: EventFacts } | undefined> {
    const [row] = await this.database.current().query<TicketRow>(
      `select t.status, t.holder_id, t.holder_version, ${CLOSED}, ${EVENT_FACTS}
       from tickets t join events e on e.tenant_id = t.tenant_id and e.id = t.event_id
       where t.id = $1 for no key update of t`,
      [ticketId],
    );
    return (
      row && {
        ticket: { status: row.status, holderId: row.holder_id, holderVersion: row.holder_version },
        event: { isClosed: row.is_closed, isAllowed: row.is_allowed },
        facts: toEventFacts(row),
      }
    );
  }

  async eventOf(eventId: string): Promise<{ event: HandingOn; facts: EventFacts }> {
    const [row] = await this.database
      .current()
      .query<TicketRow>(`select ${CLOSED}, ${EVENT_FACTS} from events e where e.id = $1`, [eventId]);
    return { event: { isClosed: row!.is_closed, isAllowed: row!.is_allowed }, facts: toEventFacts(row!) };
  }

  /** Of a locked ticket: its open offer whose time is not over, one whose time is, and how many there were within a day. */
  async offersOf(ticketId: string): Promise<{ isPending: boolean; lateId: string | null; offersBefore: number }> {
    const [row] = await this.database.current().query<{ pending: number; late: string | null; recent: number }>(
      `select count(*) filter (where status = 'pending' and expires_at > now())::int as pending,
         max(id::text) filter (where status = 'pending' and expires_at <= now()) as late,
         count(*) filter (where created_at > now() - interval '1 day')::int as recent
       from transfers where ticket_id = $1`,
      [ticketId],
    );
    return { isPending: row!.pending > 0, lateId: row!.late, offersBefore: row!.recent };
  }

  /** An offer for seven days, or until the event ends. @returns false when the ticket is offered already. */
  async add({ id, ticketId, eventId, fromUser, toEmail, holderVersion }: NewTransfer): Promise<boolean> {
    const transaction = this.database.current();
    const added = await transaction.execute(
      `insert into transfers (id, tenant_id, ticket_id, event_id, from_user, to_email, holder_version, expires_at)
       select $1, $2, $3, e.id, $5, $6, $7, least(now() + interval '7 days', e.ends_at) from events e where e.id = $4
       on conflict (tenant_id, ticket_id) where status = 'pending' do nothing`,
      [id, transaction.tenantId, ticketId, eventId, fromUser, toEmail, holderVersion],
    );
    return added === 1;
  }

  async find(id: string): Promise<StoredTransfer | undefined> {
    const [row] = await this.database
      .current()
      .query<TransferRow>(`select ${TRANSFER_COLUMNS} from ${TRANSFER_TABLES} where x.id = $1`, [id]);
    return row && toStored(row);
  }

  /** The account, which is not erased until the transaction ends. @throws ProblemError `unauthenticated` when it is. */
  async person(userId: string): Promise<Person & { name: string }> {
    const [row] = await this.database.current().query<{ name: string; email: string; verified: boolean }>(
      `select name, email, email_verified_at is not null as verified from users
       where id = $1 and erased_at is null for key share`,
      [userId],
    );
    if (!row) throw new ProblemError('unauthenticated', 'This account was erased.');
    return { userId, name: row.name, email: row.email, isVerified: row.verified };
  }

  /** As messages tell it; whoever was erased is nobody there, too. */
  async party(userId: string): Promise<Buyer> {
    const [row] = await this.database
      .current()
      .query<Buyer>('select id, name, email from users where id = $1', [userId]);
    return row!;
  }

  /**
   * The one statement that gives a ticket another holder: not one that was used, given back, frozen or handed on since it
   * was offered. Every code that it had dies with it. @returns whether it did
   */
  async handOver({ ticketId, from, holderVersion }: StoredTransfer, to: string): Promise<boolean> {
    const handed = await this.database.current().execute(
      `update tickets set holder_id = $4, holder_version = holder_version + 1
       where id = $1 and status = 'valid' and holder_id = $2 and holder_version = $3`,
      [ticketId, from.id, holderVersion, to],
    );
    return handed === 1;
  }

  /** @returns false when it has ended. The ticket is handed over, and told, in the same transaction. */
  async accept(id: string, userId: string): Promise<boolean> {
    const accepted = await this.database.current().execute(
      `update transfers set status = 'accepted', to_user = $2, ended_at = now(), told_at = now()
       where id = $1 and status = 'pending' and expires_at > now()`,
      [id, userId],
    );
    return accepted === 1;
  }

  /** @returns false when it has ended. */
  async end(id: string, status: 'declined' | 'withdrawn', reason: 'addressee' | 'holder'): Promise<boolean> {
    const ended = await this.database.current().execute(
      `update transfers set status = $2, reason = $3, ended_at = now()
       where id = $1 and status = 'pending' and expires_at > now()`,
      [id, status, reason],
    );
    return ended === 1;
  }

  /** Ends offers whose time is over. Those that somebody answers at this moment are left to that. */
  async expire(ids: readonly string[]): Promise<void> {
    await this.database.current().execute(
      `update transfers set status = 'expired', reason = 'time', ended_at = expires_at
       where id in (select id from transfers where id = any($1) and status = 'pending' and expires_at <= now()
                    order by id for no key update skip locked)`,
      [ids],
    );
  }
}
