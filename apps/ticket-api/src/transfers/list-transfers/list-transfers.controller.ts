import { Controller, Query } from '@nestjs/common';
import { Caller, type Identity } from '@app/auth';
import { listTransfers, type ListTransfers, type Transfer } from '@app/contracts';
import { decodeCursor, encodeCursor, Operation } from '@app/http';
import { Database } from '@app/persistence';
import { z } from 'zod';
import { toStored, TRANSFER_COLUMNS, TRANSFER_TABLES, type TransferRow } from '../transfer-row.js';
import { toTransfer } from '../transfer.js';

/** The person's door shows what one offered, and what is offered to, or was taken with, the e-mail that one has proven. */
const PAGE = `select ${TRANSFER_COLUMNS} from ${TRANSFER_TABLES}
  where ($2::text is null or (x.from_user = $1) = ($2 = 'outgoing')) and ($3::uuid is null or x.id < $3)
  order by x.id desc limit $4`;

@Controller()
export class ListTransfersController {
  constructor(private readonly database: Database) {}

  @Operation(listTransfers)
  async mine(
    @Caller() { userId }: Identity,
    @Query() { limit, cursor, direction }: ListTransfers,
  ): Promise<{ data: Transfer[]; nextCursor: string | null }> {
    const before = decodeCursor(cursor, z.uuid()) ?? null;
    const rows = await this.database.asPerson(userId, (transaction) =>
      transaction.query<TransferRow>(PAGE, [userId, direction ?? null, before, limit + 1]),
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      data: page.map((row) => toTransfer(toStored(row))),
      nextCursor: rows.length > limit && last ? encodeCursor(last.id) : null,
    };
  }
}
