import { Body, Controller, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { registerDevice, type RegisterDevice, type RegisteredDevice } from '@app/contracts';
import { Operation } from '@app/http';
import { answerWith, RepeatableRequests, requestKey } from '@app/idempotency';
import { SecurityEvents } from '@app/observability';
import { ProblemError } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SealedKeys } from '../../api-keys/api-keys.module.js';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { RegisterDeviceCommand, type SealedDevice } from './register-device.js';

@Controller()
export class RegisterDeviceController {
  constructor(
    private readonly commands: CommandBus,
    private readonly repeatable: RepeatableRequests,
    private readonly sealedKeys: SealedKeys,
    private readonly security: SecurityEvents,
  ) {}

  @Operation(registerDevice)
  async register(
    @Caller() { userId }: Identity,
    @Located() { tenantId }: Location,
    @Body() given: RegisterDevice,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegisteredDevice> {
    const repeatable = { tenantId, callerId: userId, key: requestKey(request, given), status: 201 };
    const answer = await this.repeatable.answer<SealedDevice>(repeatable, () =>
      this.commands.execute(new RegisterDeviceCommand(tenantId, userId, given)),
    );
    const { view, sealed } = answer.body;
    if (!answer.replayed) this.security.tell('api-key.created', { tenantId, keyId: view.id });
    const key = this.sealedKeys.open(view.id, sealed);
    if (key === undefined)
      throw new ProblemError('idempotency-key-reused', 'The first answer cannot be told again: register it anew.');
    void reply.header('cache-control', 'no-store');
    return answerWith(reply, { ...answer, body: { ...view, key } });
  }
}
