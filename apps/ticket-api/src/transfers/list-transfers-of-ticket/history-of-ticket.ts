import { Injectable } from '@nestjs/common';
import { isApiKey, type Principal } from '@app/auth';
import type { PageQuery, Transfer } from '@app/contracts';
import { decodeCursor, encodeCursor } from '@app/http';
import { Database } from '@app/persistence';
import { z } from 'zod';
import type { Location } from '../../authorization/authorization.module.js';
import { toStored, TRANSFER_COLUMNS, TRANSFER_TABLES, type TransferRow } from '../transfer-row.js';
import { toTransfer, type Sight, type StoredTransfer } from '../transfer.js';

const PAGE = `select ${TRANSFER_COLUMNS} from ${TRANSFER_TABLES}
  where x.ticket_id = $1 and ($2::uuid is null or x.id < $2) order by x.id desc limit $3`;

/**
 * What became of a ticket between its buyer and its holder. A person sees names and addresses of transfers that he or she took part in,
 * and of the others that there were some; organizers see the names, and of the addresses enough to recognise them.
 */
@Injectable()
export class HistoryOfTicket {
  constructor(private readonly database: Database) {}

  async read(
    who: Principal,
    { tenantId, role }: Location,
    ticketId: string,
    { limit, cursor }: PageQuery,
  ): Promise<{ data: Transfer[]; nextCursor: string | null }> {
    const before = decodeCursor(cursor, z.uuid()) ?? null;
    const isOrganizer = role === 'organizer' || role === 'owner';
    const userId = isApiKey(who) ? null : who.userId;
    const rows = await this.database.asTenant(tenantId, (transaction) =>
      transaction.query<TransferRow>(PAGE, [ticketId, before, limit + 1]),
    );
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
