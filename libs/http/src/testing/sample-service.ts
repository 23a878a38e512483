import { Body, Controller, Injectable, Module, Param, Query, Res } from '@nestjs/common';
import {
  Acting,
  Authorization,
  Caller,
  CallingService,
  generateServiceKeys,
  IdentityTokens,
  OptionalActing,
  OptionalCaller,
  RESOURCE_AUTHORIZER,
  ServiceKeys,
  type Identity,
  type Principal,
  type ResourceAuthorizer,
} from '@app/auth';
import { operation, type ResourceRule } from '@app/contracts';
import { notFound } from '@app/problem-details';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import { InternalGet, InternalPost } from '../internal-route.decorator.js';
import { openService, type RunningService } from '../open-service.js';
import { Operation } from '../operation.decorator.js';

const Line = z.strictObject({ name: z.string().max(10), quantity: z.int().min(1) });
const base = { tag: 't', service: 'ticket-api', summary: '', responses: { 200: z.any() } } as const;
const open = operation({ ...base, id: 'open', method: 'GET', path: '/open', access: 'anyone' });
const search = operation({
  ...base,
  id: 'search',
  method: 'GET',
  path: '/search',
  access: 'anyone',
  query: z.strictObject({ limit: z.coerce.number().int().default(20), q: z.string().optional() }),
});
const place = operation({
  ...base,
  id: 'place',
  method: 'POST',
  path: '/lines',
  access: 'person',
  body: z.strictObject({ items: z.array(Line).min(1), note: z.unknown().optional() }),
  responses: { 201: z.any() },
});
const poke = operation({
  ...base,
  id: 'poke',
  method: 'POST',
  path: '/things/:thingId/poke',
  access: { resource: 'order', param: 'thingId', anyOf: ['self'] },
});
const change = operation({
  ...poke,
  id: 'change',
  method: 'PATCH',
  path: '/things/:thingId',
  body: z.strictObject({ name: z.string() }),
});
const ofUser = operation({ ...base, id: 'ofUser', method: 'GET', path: '/users/:userId/things', access: 'person' });
const ofUserToo = operation({ ...ofUser, id: 'ofUserToo', path: '/people/:userId' });
const hook = operation({
  ...base,
  id: 'hook',
  method: 'POST',
  path: '/hook',
  access: 'anyone',
  rawBody: 200_000,
});
const fail = operation({ ...base, id: 'fail', method: 'GET', path: '/fail', access: 'anyone' });
const drop = operation({
  ...base,
  id: 'drop',
  method: 'DELETE',
  path: '/things/:thingId',
  access: 'person',
  responses: { 204: 'empty' },
});
const keyed = operation({
  ...base,
  id: 'keyed',
  method: 'GET',
  path: '/keyed',
  access: 'person',
  scopes: ['orders:read'],
});
const seen = operation({
  ...base,
  id: 'seen',
  method: 'GET',
  path: '/seen',
  access: 'anyone',
  scopes: ['events:read'],
});
const rule = operation({ ...base, id: 'rule', method: 'POST', path: '/rule', access: 'admin' });
const all = [keyed, seen, rule, open, search, place, poke, change, ofUser, ofUserToo, hook, fail, drop];

export const mine = '0190a6e0-0000-7000-8000-00000000000a';

@Injectable()
class OnlyMine implements ResourceAuthorizer {
  async authorize(_: Identity, rule: ResourceRule, params: Readonly<Record<string, string>>) {
    if (params[rule.param] !== mine) throw notFound('This thing');
    return { tenantId: 'tenant-of-mine' };
  }
}

@Controller()
class SampleController {
  @Operation(open)
  open(@OptionalCaller() caller: Identity | null) {
    return { hello: caller?.name ?? 'stranger' };
  }
  @Operation(search)
  search(@Query() query: unknown) {
    return query;
  }
  @Operation(place)
  place(@Body() body: unknown, @Caller() caller: Identity) {
    return { body, by: caller.userId };
  }
  @Operation(poke)
  poke(@Param('thingId') id: string, @Authorization() authorization: unknown) {
    return { id, authorization };
  }
  @Operation(change)
  change(@Body() body: unknown) {
    return body;
  }
  @Operation(ofUser, ofUserToo)
  ofUser(@Param('userId') userId: string) {
    return { userId };
  }
  @Operation(hook)
  hook(@Body() bytes: Buffer) {
    return { buffer: Buffer.isBuffer(bytes), length: bytes.length, hex: bytes.subarray(0, 4).toString('hex') };
  }
  @Operation(fail)
  fail() {
    throw new Error('secret of the house');
  }
  @Operation(keyed)
  keyed(@Acting() who: Principal) {
    return who;
  }
  @Operation(seen)
  seen(@OptionalActing() who: Principal | null) {
    return { who: who?.name ?? 'anyone' };
  }
  @Operation(rule)
  rule() {
    return {};
  }
  @Operation(drop)
  drop(@Res({ passthrough: true }) reply: FastifyReply) {
    void reply.header('x-dropped', 'yes');
  }
  @InternalGet('/internal/things/:thingId', { callers: ['payment-service'] })
  internal(@Param('thingId') id: string, @CallingService() from: string) {
    return { id, from };
  }
  @InternalPost('/internal/lines', { body: Line })
  internalPost(@Body() body: unknown) {
    return body;
  }
}

@Module({
  controllers: [SampleController],
  providers: [{ provide: RESOURCE_AUTHORIZER, useClass: OnlyMine }],
})
class SampleModule {}

export const keys = generateServiceKeys(['api-gateway', 'ticket-api', 'payment-service', 'notification-service']);
export const ada: Identity = {
  userId: '0190a6e0-0000-7000-8000-000000000001',
  email: 'ada@example.com',
  name: 'Ada',
  emailVerified: true,
  sessionId: 's-1',
};

/** Opens a service whose routes show every rule of how requests are judged. */
export function openSampleService(logger?: Logger, platformAdmins: readonly string[] = []): Promise<RunningService> {
  const address = { port: 0, internalPort: 0, host: '127.0.0.1' };
  const config = { ...address, logLevel: 'silent', platformAdmins, ...keys['ticket-api'] } as const;
  return openService({ name: 'ticket-api', module: () => SampleModule, operations: all }, config, logger);
}

/** Headers of a request that the gateway makes for Ada. */
export const headersOfAda = () => headersOf(ada);

/** Headers of a request that the gateway makes for a person or a key. */
export async function headersOf(who: Principal): Promise<Record<string, string>> {
  const gateway = new IdentityTokens(new ServiceKeys('api-gateway', keys['api-gateway']));
  return { 'x-identity': await gateway.sign(who, 'ticket-api') };
}
