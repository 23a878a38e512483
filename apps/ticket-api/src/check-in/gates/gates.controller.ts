import { Body, Controller, Param, Query, Req, Res } from '@nestjs/common';
import { Acting, principalId, type Principal } from '@app/auth';
import {
  createGate,
  deleteGate,
  listGates,
  updateGate,
  type CreateGate,
  type Gate,
  type PageQuery,
  type UpdateGate,
} from '@app/contracts';
import { decodeCursor, encodeCursor, Operation } from '@app/http';
import { answerWith, RepeatableRequests, requestKey } from '@app/idempotency';
import { Database } from '@app/persistence';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ChangeGates } from './change-gates.js';
import { GateStore } from './gate.store.js';

@Controller()
export class GatesController {
  constructor(
    private readonly database: Database,
    private readonly gates: GateStore,
    private readonly changes: ChangeGates,
    private readonly repeatable: RepeatableRequests,
  ) {}

  @Operation(createGate)
  async create(
    @Acting() who: Principal,
    @Located() { tenantId }: Location,
    @Param('eventId') eventId: string,
    @Body() given: CreateGate,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Gate> {
    const repeatable = { tenantId, callerId: principalId(who), key: requestKey(request, given), status: 201 };
    const answer = await this.repeatable.answer<Gate>(repeatable, () => this.changes.create(tenantId, eventId, given));
    return answerWith(reply, answer);
  }

  @Operation(listGates)
  async list(
    @Located() { tenantId }: Location,
    @Param('eventId') eventId: string,
    @Query() { limit, cursor }: PageQuery,
  ): Promise<{ data: Gate[]; nextCursor: string | null }> {
    const after = decodeCursor(cursor, z.string().max(400)) ?? null;
    const found = await this.database.asTenant(tenantId, () => this.gates.list(eventId, after, limit + 1));
    const data = found.slice(0, limit);
    const nextCursor = found.length > limit ? encodeCursor(data.at(-1)?.key) : null;
    return { data: data.map(({ key: _, ...gate }) => gate), nextCursor };
  }

  @Operation(updateGate)
  update(
    @Located() { tenantId }: Location,
    @Param('eventId') eventId: string,
    @Param('gateId') gateId: string,
    @Body() given: UpdateGate,
  ): Promise<Gate> {
    return this.changes.update(tenantId, eventId, gateId, given);
  }

  @Operation(deleteGate)
  remove(
    @Located() { tenantId }: Location,
    @Param('eventId') eventId: string,
    @Param('gateId') gateId: string,
  ): Promise<void> {
    return this.changes.remove(tenantId, eventId, gateId);
  }
}
