import { Body, Controller, Headers, Inject, Module, Query, Req, Res, type DynamicModule } from '@nestjs/common';
import {
  Caller,
  generateServiceKeys,
  OptionalCaller,
  PROVEN_IDENTITY_HEADER,
  ProvenIdentities,
  RESOURCE_AUTHORIZER,
  type Identity,
} from '@app/auth';
import * as contracts from '@app/contracts';
import { InternalGet, InternalPost, openService, Operation, type RunningService } from '@app/http';
import { notFound, ProblemError } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

export const serviceKeys = generateServiceKeys(['api-gateway', 'ticket-api', 'payment-service']);

/** What the small ticket-api publishes to the gateway; specs change it. */
export interface Published {
  keys: object[];
  revoked: string[];
  asked: { keys: number; revoked: number; apiKeys?: number; since?: (string | undefined)[] };
  /** Hash (base64url) → what is told of an organization's key; 'away': nothing at all. */
  apiKeys?: Map<string, contracts.FoundApiKey['key']> | 'away';
  /** What is told of a person of another issuer; 'away': nothing at all. */
  resolve?: ((stated: contracts.ResolveExternalIdentity) => contracts.ResolvedPerson['person']) | 'away';
  /** Answers to a group of orders; without it ticket-api knows no groups. */
  group?: (members: readonly contracts.OrderGroupMember[]) => Promise<contracts.OrderGroupAnswer[]>;
  /** What an order that came alone waits for. */
  alone?: () => Promise<void>;
}

/** Told with the ended sessions: no clock of the gateway's is near it. */
export const ITS_TIME = '2026-01-02T03:04:05.678Z';

const PUBLISHED = Symbol('PUBLISHED');

const operations = [
  contracts.listBookingsOfUser,
  contracts.listEvents,
  contracts.updateEvent,
  contracts.getProfile,
  contracts.linkIdentity,
  contracts.placeOrder,
  contracts.signUp,
  contracts.signIn,
  contracts.issueToken,
  contracts.refreshSession,
  contracts.signOut,
] as const;

/** As the operation is, but that its answer may be anything: what reached us, for a spec to see. */
const telling = (operation: contracts.Operation): contracts.Operation => ({
  ...operation,
  responses: Object.fromEntries(Object.keys(operation.responses).map((status) => [status, z.unknown()])),
});

/** A real service built as ours are, that tells what reached it. */
@Controller()
class Echo {
  constructor(
    @Inject(PUBLISHED) private readonly published: Published,
    private readonly proven: ProvenIdentities,
  ) {}

  @Operation(contracts.listEvents)
  list() {
    return { data: [], nextCursor: null };
  }
  @Operation(telling(contracts.listBookingsOfUser))
  bookings(@Req() request: FastifyRequest) {
    return { caller: request.apiKey ?? request.identity, headers: request.headers, params: request.params };
  }
  @Operation(telling(contracts.updateEvent))
  update(@Body() body: unknown) {
    return body;
  }
  @Operation(telling(contracts.getProfile))
  profile(@Req() request: FastifyRequest) {
    return { identity: request.identity, headers: request.headers };
  }
  @Operation(telling(contracts.linkIdentity))
  async link(@Caller() { userId }: Identity, @Body() body: unknown, @Headers(PROVEN_IDENTITY_HEADER) word: unknown) {
    return { body, proven: await this.proven.of(userId, word), word };
  }
  @Operation(telling(contracts.placeOrder))
  async place(@Req() request: FastifyRequest, @Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply) {
    await this.published.alone?.();
    void reply.headers({ 'idempotent-replayed': 'true', 'x-internal-detail': 'of the house' });
    return { body, headers: request.headers, userId: request.identity?.userId };
  }
  @Operation(telling(contracts.signUp))
  signUp(@Body() body: unknown) {
    return body;
  }
  @Operation(telling(contracts.issueToken))
  token() {
    return { tokenType: 'Bearer' };
  }
  @Operation(telling(contracts.signIn))
  signIn(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    void reply.header('set-cookie', ['access_token=a; HttpOnly', 'refresh_token=r; HttpOnly']);
    return { cookie: request.headers.cookie };
  }
  @Operation(telling(contracts.refreshSession))
  refresh(@Req() request: FastifyRequest) {
    return { cookie: request.headers.cookie };
  }
  @Operation(contracts.signOut)
  signOut(@OptionalCaller() caller: Identity | null) {
    if (caller) this.published.revoked.push(caller.sessionId);
  }
  @InternalPost('/internal/orders/group', { callers: ['api-gateway'], signedBody: contracts.ORDER_GROUP_BYTES })
  async group(@Body() bytes: Buffer) {
    const { members } = contracts.OrderGroup.parse(JSON.parse(bytes.toString()));
    if (!this.published.group) throw new Error('No group was expected.');
    return { answers: await this.published.group(members) };
  }
  @InternalPost('/internal/api-keys/find', { callers: ['api-gateway'], body: contracts.FindApiKey })
  findApiKey(@Body() { hash }: contracts.FindApiKey) {
    this.published.asked.apiKeys = (this.published.asked.apiKeys ?? 0) + 1;
    if (this.published.apiKeys === 'away') throw new ProblemError('service-unavailable');
    return { key: this.published.apiKeys?.get(hash) ?? null };
  }
  @InternalPost('/internal/external-identities/resolve', {
    callers: ['api-gateway'],
    body: contracts.ResolveExternalIdentity,
  })
  resolve(@Body() stated: contracts.ResolveExternalIdentity) {
    if (this.published.resolve === 'away') throw new ProblemError('service-unavailable');
    return { person: this.published.resolve?.(stated) ?? null };
  }
  @InternalGet('/internal/keys', { callers: ['api-gateway'] })
  keys() {
    this.published.asked.keys++;
    return { keys: this.published.keys };
  }
  @InternalGet('/internal/revoked-sessions', {
    callers: ['api-gateway'],
    query: z.strictObject({ since: z.iso.datetime().optional() }),
  })
  revoked(@Query() { since }: { since?: string }) {
    this.published.asked.revoked++;
    this.published.asked.since?.push(since);
    return { sessionIds: this.published.revoked, now: ITS_TIME };
  }
}

@Module({})
class EchoModule {
  static of(published: Published): DynamicModule {
    const nobodysEvent = { authorize: () => Promise.reject(notFound('This event')) };
    return {
      module: EchoModule,
      controllers: [Echo],
      providers: [
        { provide: PUBLISHED, useValue: published },
        { provide: RESOURCE_AUTHORIZER, useValue: nobodysEvent },
      ],
    };
  }
}

export function openTicketApi(published: Published, ports = { port: 0, internalPort: 0 }): Promise<RunningService> {
  const config = { ...ports, host: '127.0.0.1', logLevel: 'silent', ...serviceKeys['ticket-api'] } as const;
  const checks = () => ({ db: () => true, messages: () => false });
  return openService({ name: 'ticket-api', module: () => EchoModule.of(published), operations, checks }, config);
}
