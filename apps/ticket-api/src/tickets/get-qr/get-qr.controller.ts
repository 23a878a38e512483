import { Controller, Param, Query, Res } from '@nestjs/common';
import { Acting, type Principal } from '@app/auth';
import { getQr, getQrCode, type QrCode, type QrQuery } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply } from 'fastify';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { holderFor } from '../holder-for.js';
import { ReadCodes } from '../read-codes.js';
import { qrPng, qrSvg } from '../qr-code.js';

@Controller()
export class GetQrController {
  constructor(private readonly codes: ReadCodes) {}

  /** Who has this picture gets in: no cache keeps it. */
  @Operation(getQr, getQrCode)
  async get(
    @Located() where: Location,
    @Acting() who: Principal,
    @Param('ticketId') ticketId: string,
    @Query() { format, kind }: QrQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | Buffer | QrCode> {
    const held = { tenantId: where.tenantId, ticketId, holderId: holderFor(who, where) };
    const { code, expiresAt } = await (kind === 'static' ? this.codes.ofPaper(held) : this.codes.ofNow(held));
    void reply.header('cache-control', 'private, no-store');
    if (format === 'json') return { code, expiresAt: expiresAt?.toISOString() ?? null };
    void reply.type(format === 'svg' ? 'image/svg+xml' : 'image/png');
    return format === 'svg' ? qrSvg(code) : qrPng(code);
  }
}
