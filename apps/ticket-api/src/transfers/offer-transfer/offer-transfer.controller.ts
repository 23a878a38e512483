import { Body, Controller, Param, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { offerTransfer, type OfferTransfer, type Transfer } from '@app/contracts';
import { Operation } from '@app/http';
import { answerWith, requestKey } from '@app/idempotency';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { OfferTransferCommand } from './offer-transfer.js';

@Controller()
export class OfferTransferController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(offerTransfer)
  async offer(
    @Located() { tenantId }: Location,
    @Caller() { userId, emailVerified }: Identity,
    @Param('ticketId') ticketId: string,
    @Body() given: OfferTransfer,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Transfer> {
    const by = { userId, emailVerified };
    const command = new OfferTransferCommand(tenantId, ticketId, by, given.email, requestKey(request, given));
    return answerWith(reply, await this.commands.execute(command));
  }
}
