import { Inject, Injectable } from '@nestjs/common';
import {
  createBooking,
  ORDER_GROUP_MEMBER_BYTES,
  OrderGroupAnswers,
  placeOrder,
  PlaceOrder,
  reserveTickets,
  type Operation,
  type OrderGroupAnswer,
  type OrderGroupMember,
} from '@app/contracts';
import { GroupCommit, type Outcome } from '@app/grouping';
import { jsonReader, ReceivedBody, type InternalClient, type JsonReader } from '@app/http';
import { requestContext } from '@app/observability';
import { PROBLEM_MEDIA_TYPE } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { PAUSE_MS, wasNeverSent } from './upstreams.js';

export const ORDER_CLIENT = Symbol('OrderClient');

/** Different events whose groups travel at the same moment at most. */
const SIDE_BY_SIDE = 64;
const JSON_MEDIA_TYPE = 'application/json; charset=utf-8';
const GROUPED: ReadonlySet<string> = new Set([placeOrder, reserveTickets, createBooking].map(({ id }) => id));

/**
 * Orders for one event that arrive while others are on their way travel as one request and become one transaction. Only
 * plain, valid requests do; any other goes alone, and its service says what is wrong with it.
 */
@Injectable()
export class OrderGroups {
  private readonly groups: GroupCommit<OrderGroupMember, OrderGroupAnswer>;
  private readonly isOn: boolean;
  private reader: JsonReader | undefined;

  constructor(
    @Inject(ORDER_CLIENT) private readonly ticketApi: InternalClient,
    @Inject(GATEWAY_CONFIG) { ordering }: Pick<GatewayConfig, 'ordering'>,
  ) {
    this.isOn = ordering.batchSize > 1;
    this.groups = new GroupCommit((_eventId, members) => this.ask(members), { ...ordering, parallel: SIDE_BY_SIDE });
  }

  /** The order that a request is, unless it has to travel alone. */
  read(operation: Operation, request: FastifyRequest): OrderGroupMember | undefined {
    const { identity, url, body } = request;
    const context = requestContext.getStore();
    if (!this.isOn || !GROUPED.has(operation.id) || !identity || !context || url.includes('?')) return undefined;
    const keys = request.raw.headersDistinct['idempotency-key'];
    const isPlainKey = !keys || (keys.length === 1 && keys[0] !== '' && (keys[0]?.length ?? 0) <= 255);
    const order = isPlainKey ? orderIn(body, (this.reader ??= jsonReader(request.server))) : undefined;
    if (!order) return undefined;
    return {
      path: url,
      requestId: context.requestId,
      traceparent: context.traceparent,
      buyer: { id: identity.userId, name: identity.name, email: identity.email },
      ...(keys ? { idempotencyKey: keys[0] } : {}),
      body: order,
    };
  }

  /** @throws ProblemError `service-unavailable` when the group got no answer: some of it may have been done */
  async send(order: OrderGroupMember, reply: FastifyReply): Promise<void> {
    const { status, body, replayed, retryAfter } = await this.groups.submit(order.body.eventId, order);
    if (replayed) void reply.header('idempotent-replayed', 'true');
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    void reply
      .status(status)
      .header('cache-control', 'no-store')
      .type(status < 400 ? JSON_MEDIA_TYPE : PROBLEM_MEDIA_TYPE)
      .send(body);
  }

  private post(members: readonly OrderGroupMember[]): Promise<z.infer<typeof OrderGroupAnswers>> {
    return this.ticketApi.postSigned('/internal/orders/group', { members }, OrderGroupAnswers);
  }

  /** Never again in halves: what was sent may have been done. */
  private async ask(members: readonly OrderGroupMember[]): Promise<Outcome<OrderGroupAnswer>[]> {
    try {
      const { answers } = await this.post(members).catch((error: unknown) => {
        if (!wasNeverSent(error)) throw error;
        return sleep(PAUSE_MS).then(() => this.post(members));
      });
      return answers.map((value) => ({ value }));
    } catch (error) {
      return members.map(() => ({ error }));
    }
  }
}

/** What is not a small, valid order is nothing here. */
function orderIn(body: unknown, readJson: JsonReader): PlaceOrder | undefined {
  if (!(body instanceof ReceivedBody) || body.bytes.length > ORDER_GROUP_MEMBER_BYTES) return undefined;
  try {
    return PlaceOrder.safeParse(readJson(body)).data;
  } catch {
    return undefined;
  }
}
