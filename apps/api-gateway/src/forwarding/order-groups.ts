import { Inject, Injectable } from '@nestjs/common';
import { IDENTITY_HEADER, IdentityTokens } from '@app/auth';
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
import { jsonReader, ReceivedBody, Turns, type InternalClient, type JsonReader } from '@app/http';
import { requestContext } from '@app/observability';
import { PROBLEM_MEDIA_TYPE } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { hopByHop, requestHeaders } from './headers.js';
import { unavailable } from './silence.js';
import { Upstreams } from './upstreams.js';

export const ORDER_CLIENT = Symbol('OrderClient');

/** Groups that travel at the same moment at most. Two of an event: one is read and judged while the other commits. */
const SIDE_BY_SIDE = { parallel: 64, perKey: 2 };
/** Milliseconds that an order waits for its group's departure before further ones are refused. */
const PATIENCE = 1_500;
const JSON_MEDIA_TYPE = 'application/json; charset=utf-8';
const GROUPED: ReadonlySet<string> = new Set([placeOrder, reserveTickets, createBooking].map(({ id }) => id));

/** An order that may travel with others. */
export interface GroupableOrder {
  member: OrderGroupMember;
  request: FastifyRequest;
}

/**
 * Orders for one event that arrive while others are on their way travel as one request and become one transaction; one
 * that has no company is an ordinary request. Only plain, valid ones do; any other goes alone, and its service says what
 * is wrong with it.
 */
@Injectable()
export class OrderGroups {
  private readonly groups: GroupCommit<GroupableOrder, OrderGroupAnswer>;
  private readonly isOn: boolean;
  private reader: JsonReader | undefined;
  /** A group's answers come all at once. */
  private readonly turns = new Turns();

  constructor(
    @Inject(ORDER_CLIENT) private readonly ticketApi: InternalClient,
    private readonly upstreams: Upstreams,
    private readonly identities: IdentityTokens,
    @Inject(GATEWAY_CONFIG) { ordering }: Pick<GatewayConfig, 'ordering'>,
  ) {
    this.isOn = ordering.batchSize > 1;
    this.groups = new GroupCommit((_eventId, orders) => this.carry(orders), {
      ...ordering,
      ...SIDE_BY_SIDE,
      patience: PATIENCE,
    });
  }

  /** The order that a request is, unless it has to travel alone. */
  read(operation: Operation, request: FastifyRequest): GroupableOrder | undefined {
    const { identity, url, body } = request;
    const context = requestContext.getStore();
    if (!this.isOn || !GROUPED.has(operation.id) || !identity || !context || url.includes('?')) return undefined;
    const keys = request.raw.headersDistinct['idempotency-key'];
    if (keys && hopByHop(request.headers).has('idempotency-key')) return undefined;
    const isPlainKey = !keys || (keys.length === 1 && keys[0] !== '' && (keys[0]?.length ?? 0) <= 255);
    const order = isPlainKey ? orderIn(body, (this.reader ??= jsonReader(request.server))) : undefined;
    if (!order) return undefined;
    const member = {
      path: url,
      requestId: context.requestId,
      traceparent: context.traceparent,
      buyer: { id: identity.userId, name: identity.name, email: identity.email },
      ...(keys ? { idempotencyKey: keys[0] } : {}),
      body: order,
    };
    return { member, request };
  }

  /** @throws ProblemError `service-unavailable` when the group got no answer: some of it may have been done */
  async send(order: GroupableOrder, reply: FastifyReply): Promise<void> {
    const answer = await this.groups.submit(order.member.body.eventId, order);
    await this.turns.next();
    pass(answer, reply);
  }

  /** Never again in halves: what was sent may have been done. */
  private async carry(orders: readonly GroupableOrder[]): Promise<Outcome<OrderGroupAnswer>[]> {
    const [first] = orders;
    try {
      const answers =
        first && orders.length === 1
          ? [await this.alone(first)]
          : await this.together(orders.map(({ member }) => member));
      return answers.map((value) => ({ value }));
    } catch (error) {
      return orders.map(() => ({ error }));
    }
  }

  private async alone({ member, request }: GroupableOrder): Promise<OrderGroupAnswer> {
    const headers = requestHeaders(request, false);
    headers['traceparent'] = member.traceparent;
    if (request.identity) headers[IDENTITY_HEADER] = await this.identities.sign(request.identity, placeOrder.service);
    const { bytes } = request.body as ReceivedBody;
    const sent = { method: 'POST' as const, path: request.url, headers, body: bytes };
    const answer = await this.upstreams.send(placeOrder.service, sent);
    const retryAfter = answer.headers['retry-after'];
    return {
      status: answer.statusCode,
      body: await answer.body.text().catch((error: unknown) => {
        throw unavailable(placeOrder.service, error);
      }),
      replayed: answer.headers['idempotent-replayed'] === 'true',
      ...(retryAfter === undefined ? {} : { retryAfter: Number(retryAfter) }),
    };
  }

  private async together(members: readonly OrderGroupMember[]): Promise<OrderGroupAnswer[]> {
    const post = () => this.ticketApi.postSigned('/internal/orders/group', { members }, OrderGroupAnswers);
    const { answers } = await this.upstreams.reach(placeOrder.service, post);
    return answers;
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

function pass({ status, body, replayed, retryAfter }: OrderGroupAnswer, reply: FastifyReply): void {
  if (replayed) void reply.header('idempotent-replayed', 'true');
  if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  void reply
    .status(status)
    .header('cache-control', 'no-store')
    .type(status < 400 ? JSON_MEDIA_TYPE : PROBLEM_MEDIA_TYPE)
    .send(body);
}
