import { Injectable } from '@nestjs/common';
import type { Principal } from '@app/auth';
import { Database, type Transaction } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { ResourceAccess } from '../authorization/authorization.module.js';

/** The door to an event for whoever asks: the public's, and behind it, for members of its organization, the tenant's. */
@Injectable()
export class VisibleEvent {
  constructor(
    private readonly database: Database,
    private readonly access: ResourceAccess,
  ) {}

  /**
   * The first row of a query that is empty for an event that cannot be seen, and whether anyone would see the same.
   * @param name of the statement, which is prepared once per connection
   * @throws 404: drafts exist for members only.
   */
  async read<Row>(
    eventId: string,
    who: Principal | null,
    sql: string,
    name: string,
  ): Promise<{ row: Row; isPublic: boolean }> {
    const first = async (transaction: Transaction) => (await transaction.query<Row>(sql, [eventId], name))[0];
    const published = await this.database.asPublic(first);
    const row = published ?? (await this.asMember(eventId, who, first));
    if (!row) throw notFound('The event');
    return { row, isPublic: published !== undefined };
  }

  private async asMember<Row>(eventId: string, who: Principal | null, first: (tx: Transaction) => Promise<Row>) {
    const found = who === null ? null : await this.access.locateFor('event', eventId, who);
    return found?.role ? this.database.asTenant(found.tenantId, first) : undefined;
  }
}
