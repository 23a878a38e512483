import { Injectable } from '@nestjs/common';
import type { Gate } from '@app/contracts';
import { Database, jsonInstant as instant } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { gateKey } from './gate.js';

export interface GateFields {
  name: string;
  ticketTypeIds: string[];
}

const COLUMNS = `id, event_id as "eventId", name, ticket_type_ids as "ticketTypeIds", ${instant('created_at')} as "createdAt"`;

/** The gates of an event, inside the open transaction of its organization. */
@Injectable()
export class GateStore {
  constructor(private readonly database: Database) {}

  /** The event, locked, so that what is said about its gates follows each other. NO KEY: scans and orders need not wait. */
  async lockEvent(eventId: string): Promise<void> {
    const rows = await this.database.current().query('select from events where id = $1 for no key update', [eventId]);
    if (rows.length === 0) throw notFound('The event');
  }

  async count(eventId: string): Promise<number> {
    const [row] = await this.database
      .current()
      .query<{ gates: number }>('select count(*)::int as gates from gates where event_id = $1', [eventId]);
    return row!.gates;
  }

  /** @returns those of the ids that are no ticket types of the event */
  async unknownTypes(eventId: string, ticketTypeIds: readonly string[]): Promise<string[]> {
    const rows = await this.database.current().query<{
      id: string;
    }>('select wanted.id from unnest($2::uuid[]) as wanted (id) where not exists (select from ticket_types t where t.id = wanted.id and t.event_id = $1)', [eventId, ticketTypeIds]);
    return rows.map(({ id }) => id);
  }

  /** @throws 404 */
  async read(eventId: string, gateId: string): Promise<Gate> {
    const [gate] = await this.database
      .current()
      .query<Gate>(`select ${COLUMNS} from gates where event_id = $1 and id = $2`, [eventId, gateId]);
    if (!gate) throw notFound('The gate');
    return gate;
  }

  /** By key, from after `after` on. */
  async list(eventId: string, after: string | null, limit: number): Promise<(Gate & { key: string })[]> {
    return this.database
      .current()
      .query(
        `select ${COLUMNS}, key from gates where event_id = $1 and ($2::text is null or key > $2) order by key limit $3`,
        [eventId, after, limit],
      );
  }

  /** @throws 409 `gate-name-taken` */
  async insert(id: string, eventId: string, { name, ticketTypeIds }: GateFields): Promise<void> {
    const transaction = this.database.current();
    await this.refuseTaken(eventId, id, name);
    await transaction.execute(
      'insert into gates (tenant_id, id, event_id, name, key, ticket_type_ids) values ($1, $2, $3, $4, $5, $6)',
      [transaction.tenantId, id, eventId, name, gateKey(name), ticketTypeIds],
    );
  }

  /** @throws 409 `gate-name-taken` */
  async update(eventId: string, id: string, { name, ticketTypeIds }: GateFields): Promise<void> {
    await this.refuseTaken(eventId, id, name);
    await this.database
      .current()
      .execute('update gates set name = $3, key = $4, ticket_type_ids = $5 where event_id = $1 and id = $2', [
        ...[eventId, id, name, gateKey(name), ticketTypeIds],
      ]);
  }

  async delete(eventId: string, id: string): Promise<void> {
    await this.database.current().execute('delete from gates where event_id = $1 and id = $2', [eventId, id]);
  }

  /** The event is locked, so nobody takes the name after this. */
  private async refuseTaken(eventId: string, id: string, name: string): Promise<void> {
    const taken = await this.database
      .current()
      .query('select from gates where event_id = $1 and key = $2 and id <> $3', [eventId, gateKey(name), id]);
    if (taken.length > 0) throw new ProblemError('gate-name-taken');
  }
}
