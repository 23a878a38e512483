import { Body, Controller, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { createApiKey, type CreateApiKey, type CreatedApiKey } from '@app/contracts';
import { Operation } from '@app/http';
import { answerWith, RepeatableRequests, requestKey } from '@app/idempotency';
import { SecurityEvents } from '@app/observability';
import { ProblemError } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { SealedKeys } from '../sealed-keys.js';
import { CreateApiKeyCommand, type SealedApiKey } from './create-api-key.js';

@Controller()
export class CreateApiKeyController {
  constructor(
    private readonly commands: CommandBus,
    private readonly repeatable: RepeatableRequests,
    private readonly sealedKeys: SealedKeys,
    private readonly security: SecurityEvents,
  ) {}

  @Operation(createApiKey)
  async create(
    @Caller() { userId }: Identity,
    @Located() { tenantId }: Location,
    @Body() given: CreateApiKey,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreatedApiKey> {
    const repeatable = { tenantId, callerId: userId, key: requestKey(request, given), status: 201 };
    const answer = await this.repeatable.answer<SealedApiKey>(repeatable, () =>
      this.commands.execute(new CreateApiKeyCommand(tenantId, userId, given)),
    );
    const { view, sealed } = answer.body;
    if (!answer.replayed) this.security.tell('api-key.created', { tenantId, keyId: view.id });
    const key = this.sealedKeys.open(view.id, sealed);
    if (key === undefined)
      throw new ProblemError('idempotency-key-reused', 'The first answer cannot be told again: make another key.');
    void reply.header('cache-control', 'no-store');
    return answerWith(reply, { ...answer, body: { ...view, key } });
  }
}
