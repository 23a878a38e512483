import { Body, Controller, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { createOrganization, type CreateOrganization, type Organization } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuid } from 'uuid';
import { answerWith, RepeatableRequests, requestKey } from '@app/idempotency';
import { CreateOrganizationCommand } from './create-organization.js';

@Controller()
export class CreateOrganizationController {
  constructor(
    private readonly commands: CommandBus,
    private readonly repeatable: RepeatableRequests,
  ) {}

  @Operation(createOrganization)
  async create(
    @Caller() { userId }: Identity,
    @Body() given: CreateOrganization,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Organization> {
    // The first answer lies at the tenant that it founded; its founder finds it from the new one.
    const tenantId = uuid();
    const repeatable = { tenantId, callerId: userId, key: requestKey(request, given), status: 201 };
    const answer = await this.repeatable.answer(repeatable, () =>
      this.commands.execute(new CreateOrganizationCommand(tenantId, userId, given)),
    );
    return answerWith(reply, answer);
  }
}
