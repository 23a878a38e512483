import { Body, Controller, Param, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acting, principalId, type Principal } from '@app/auth';
import { renewTicketKeys, type RenewTicketKeys, type TicketKeys } from '@app/contracts';
import { Operation } from '@app/http';
import { answerWith, RepeatableRequests, requestKey } from '@app/idempotency';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { TicketCodes, type Generations } from '../ticket-codes.js';
import { RenewTicketKeysCommand } from './renew-ticket-keys.js';

@Controller()
export class RenewTicketKeysController {
  constructor(
    private readonly commands: CommandBus,
    private readonly repeatable: RepeatableRequests,
    private readonly codes: TicketCodes,
  ) {}

  @Operation(renewTicketKeys)
  async renew(
    @Acting() who: Principal,
    @Located() { tenantId }: Location,
    @Param('eventId') eventId: string,
    @Body() given: RenewTicketKeys | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TicketKeys> {
    const repeatable = { tenantId, callerId: principalId(who), key: requestKey(request, given), status: 201 };
    // Keys are derived after the commit: no transaction waits for them.
    const answer = await this.repeatable.answer<Generations>(repeatable, () =>
      this.commands.execute(new RenewTicketKeysCommand(tenantId, eventId, given?.revokeEarlier ?? false)),
    );
    return { eventId, keys: await this.codes.publicKeys(eventId, answerWith(reply, answer)) };
  }
}
