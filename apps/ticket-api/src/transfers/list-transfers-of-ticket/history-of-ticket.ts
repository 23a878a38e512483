import { Injectable } from '@nestjs/common';
import { isApiKey, type Principal } from '@app/auth';
import type { PageQuery, Transfer } from '@app/contracts';
import { decodeCursor, encodeCursor } from '@app/http';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { z } from 'zod';
import { ResourceAccess } from '../../authorization/authorization.module.js';
import { toStored, TRANSFER_COLUMNS, TRANSFER_TABLES, type TransferRow } from '../transfer-row.js';
import { toTransfer, type Sight, type StoredTransfer } from '../transfer.js';

const PAGE = `select ${TRANSFER_COLUMNS} from ${TRANSFER_TABLES}
  where x.ticket_id = $1 and ($2::uuid is null or x.id < $2) order by x.id desc limit $3`;

const BOUGHT = `select from tickets t join orders o on o.tenant_id = t.tenant_id and o.id = t.order_id
  where t.id = $1 and o.user_id = $2`;

/**
 * What became of a ticket between its buyer and its holder. A person sees names and addresses of transfers that he or she took part in,
 * and of the others that there were some; organizers see the names, and of the addresses enough to recognise them.
 */
@Injectable()
export class HistoryOfTicket {
  constructor(
    private readonly database: Database,
    private readonly access: ResourceAccess,
  ) {}

  /** @throws ProblemError `not-found` to who neither holds nor bought the ticket, and does not organize its event. */
  async read(
    who: Principal,
    ticketId: string,
    { limit, cursor }: PageQuery,
  ): Promise<{ data: Transfer[]; nextCursor: string | null }> {
    const before = decodeCursor(cursor, z.uuid()) ?? null;
    const found = await this.access.locateFor('ticket', ticketId, who);
    if (!found) throw notFound('This ticket');
    const isOrganizer = found.role === 'organizer' || found.role === 'owner';
    const userId = isApiKey(who) ? null : who.userId;
    const rows = await this.database.asTenant(found.tenantId, async (transaction) => {
      const isTheirs = isOrganizer || found.isSelf || (await transaction.query(BOUGHT, [ticketId, userId])).length > 0;
      if (!isTheirs) throw notFound('This ticket');
      return transaction.query<TransferRow>(PAGE, [ticketId, before, limit + 1]);
    });
    const page = rows.slice(0, limit).map(toStored);
    const last = page.at(-1);
    return {
      data: page.map((transfer) => toTransfer(transfer, sightOf(transfer, userId, isOrganizer))),
      nextCursor: rows.length > limit && last ? encodeCursor(last.id) : null,
    };
  }
}

function sightOf({ from, to }: StoredTransfer, userId: string | null, isOrganizer: boolean): Sight {
  if (userId !== null && (from.id === userId || to?.id === userId)) return 'all';
  return isOrganizer ? 'masked' : 'bare';
}
