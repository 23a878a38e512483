import { Controller, Param, Query, Res } from '@nestjs/common';
import { Caller, type Identity } from '@app/auth';
import { getTicketCodes, type TicketCodeList, type TicketCodesQuery } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply } from 'fastify';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ReadCodes } from '../read-codes.js';

@Controller()
export class GetCodesController {
  constructor(private readonly codes: ReadCodes) {}

  /** For the holder's own device, which keeps them; nobody else does. */
  @Operation(getTicketCodes)
  async get(
    @Located() { tenantId }: Location,
    @Caller() { userId }: Identity,
    @Param('ticketId') ticketId: string,
    @Query() { from, steps }: TicketCodesQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TicketCodeList> {
    const wanted = { from: from === undefined ? undefined : new Date(from), steps };
    const { now, codes } = await this.codes.ahead({ tenantId, ticketId, holderId: userId }, wanted);
    void reply.header('cache-control', 'private, no-store');
    return {
      now: now.toISOString(),
      codes: codes.map(({ code, showFrom, expiresAt }) => ({
        ...{ code, showFrom: showFrom.toISOString(), expiresAt: expiresAt.toISOString() },
      })),
    };
  }
}
