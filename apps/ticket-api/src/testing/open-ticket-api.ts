import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  generateServiceKeys,
  IdentityTokens,
  PROVEN_IDENTITY_HEADER,
  ProvenIdentities,
  ServiceKeys,
  ServiceTokens,
  type Principal,
  type ServiceKeyMaterial,
} from '@app/auth';
import { operations, type Operation, type ResolveExternalIdentity } from '@app/contracts';
import { API_PREFIX, openService } from '@app/http';
import { MessagingModule } from '@app/messaging';
import { createLogger } from '@app/observability';
import { PersistenceModule } from '@app/persistence';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { CONFIG, type Config } from '../config.js';
import { migrations } from '../migrations/index.js';

const SERVICES = ['api-gateway', 'ticket-api', 'payment-service', 'notification-service'] as const;
type ServiceName = (typeof SERVICES)[number];
const keys = generateServiceKeys([...SERVICES]);
const gateway = new ServiceKeys('api-gateway', keys['api-gateway']);
const der = (key: ReturnType<typeof generateKeyPairSync>['privateKey']) =>
  key.export({ format: 'der', type: 'pkcs8' }).toString('base64');

export interface Answer {
  status: number;
  body: any;
  headers: Headers;
}

export interface CallOptions {
  /** Who calls, as the gateway would say it. */
  as?: Principal;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Some features of ticket-api on a database of their own, called as the gateway would. */
export interface TicketApi {
  name: string;
  /** Of the public port. */
  url: string;
  gatewayKeys: ServiceKeyMaterial;
  db: TestDatabase;
  app: NestFastifyApplication;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** A call of the internal port by the gateway. */
  callInternally(path: string, by?: ServiceName): Promise<Answer>;
  /** A call with a body that the gateway, or another service, has signed; `sent` is what arrives instead. `bound: false`: with a token for any body. */
  postInternally(
    path: string,
    body: unknown,
    given?: { by?: ServiceName; sent?: string; bound?: boolean; headers?: Record<string, string> },
  ): Promise<Answer>;
  /** Header with the gateway's word, or another service's, that the person has shown a token that says this. */
  proven(userId: string, stated: ResolveExternalIdentity, by?: ServiceName): Promise<Record<string, string>>;
  /** Data of the messages of a type that were told so far: the broker is away, so they wait in the outbox. */
  told<Data = any>(type: string): Promise<Data[]>;
  /** The security events that were told so far, oldest first, with their facts. */
  securityEvents: Record<string, unknown>[];
  close(): Promise<void>;
}

/** Settings, or how they follow from the address of the database. */
export type GivenConfig = Partial<Config> | ((databaseUrl: string) => Promise<Partial<Config>>);

/**
 * @param features feature modules
 * @param tags tags, or ids, of the operations that they handle
 */
export async function openTicketApi(features: Type[], tags: string[], given: GivenConfig = {}): Promise<TicketApi> {
  const db = await createTestDatabase(migrations, 'ticket_api');
  const config: Config = {
    ...{ port: 0, internalPort: 0, host: '127.0.0.1', logLevel: 'silent', ...keys['ticket-api'] },
    publicUrl: 'http://localhost:3000',
    // Nobody listens there.
    paymentServiceInternalUrl: 'http://127.0.0.1:9',
    notificationServiceInternalUrl: 'http://127.0.0.1:9',
    databaseUrl: db.url,
    databasePool: 10,
    messages: { brokerDatabaseUrl: `${db.url}_broker_that_is_away` },
    accessTokenKey: der(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
    ticketSigningKeys: [der(generateKeyPairSync('ed25519').privateKey)],
    accountSecretsKey: randomBytes(32).toString('base64'),
    redis: undefined,
    checkoutLinkSecret: randomBytes(24).toString('hex'),
    ordering: { batchSize: 256, parallel: 8, waiting: 4_000 },
    holdSeconds: 900,
    waitingListHoldSeconds: 1800,
    eventChangeSeconds: 60,
    maxHoldsPerBuyer: 5,
    wallets: {},
    ...(typeof given === 'function' ? await given(db.url) : given),
  };
  const handled: Operation[] = operations.filter(
    ({ tag, id, service }) => service === 'ticket-api' && (tags.includes(tag) || tags.includes(id)),
  );
  const securityEvents: Record<string, unknown>[] = [];
  const logger = createLogger('ticket-api', 'info', {
    write: (line) => line.includes('"msg":"security"') && securityEvents.push(JSON.parse(line)),
  });
  const service = await openService(
    { name: 'ticket-api', module: () => FeaturesModule.with(features, config), operations: handled },
    config,
    logger,
  ).catch(async (error: unknown) => {
    await db.drop();
    throw error;
  });
  const identities = new IdentityTokens(gateway);
  const request = async (url: string, method: string, { body, headers = {} }: CallOptions): Promise<Answer> => {
    const payload =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
    const answer = await fetch(url, { method, headers, ...payload });
    return {
      status: answer.status,
      body: bodyOf(answer, Buffer.from(await answer.arrayBuffer())),
      headers: answer.headers,
    };
  };
  return {
    ...{ name: 'ticket-api', url: service.url, gatewayKeys: keys['api-gateway'] },
    db,
    app: service.app,
    securityEvents,
    call: async (method, path, options = {}) => {
      const token = options.as && { 'x-identity': await identities.sign(options.as, 'ticket-api') };
      return request(service.url + API_PREFIX + path, method, {
        ...options,
        headers: { ...token, ...options.headers },
      });
    },
    callInternally: async (path, by = 'api-gateway') => {
      const token = await new ServiceTokens(new ServiceKeys(by, keys[by])).sign('ticket-api');
      return request(service.internalUrl + path, 'GET', { headers: { authorization: `Bearer ${token}` } });
    },
    postInternally: async (path, body, { by = 'api-gateway', sent, bound = true, headers: others } = {}) => {
      const text = JSON.stringify(body);
      const tokens = new ServiceTokens(new ServiceKeys(by, keys[by]));
      const token = await (bound ? tokens.signBody('ticket-api', text) : tokens.sign('ticket-api'));
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...others };
      const answer = await fetch(service.internalUrl + path, { method: 'POST', headers, body: sent ?? text });
      return { status: answer.status, body: await answer.json(), headers: answer.headers };
    },
    proven: async (userId, stated, by = 'api-gateway') => {
      const words = new ProvenIdentities(new ServiceKeys(by, keys[by]));
      return { [PROVEN_IDENTITY_HEADER]: await words.sign(userId, stated, 'ticket-api') };
    },
    told: async <Data>(type: string) => {
      const rows = await db.asOwner<{ data: Data }>('select data from outbox where type = $1 order by id', [type]);
      return rows.map(({ data }) => data);
    },
    close: async () => {
      await service.close();
      await db.drop();
    },
  };
}

/** JSON is read, files stay bytes. */
function bodyOf({ headers }: Response, bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  return /\bjson\b/.test(headers.get('content-type') ?? '') ? JSON.parse(bytes.toString('utf8')) : bytes;
}

@Module({})
class FeaturesModule {
  static with(features: Type[], config: Config): DynamicModule {
    return {
      module: FeaturesModule,
      global: true,
      imports: [
        PersistenceModule.forRoot({
          ...{ url: config.databaseUrl, namedStatements: config.namedStatements },
          ...{ applicationName: 'ticket-api', poolSize: 10 },
        }),
        MessagingModule.forRoot({ service: 'ticket-api', ...config.messages }),
        CqrsModule.forRoot(),
        ...features,
      ],
      providers: [{ provide: CONFIG, useValue: config }],
      exports: [CONFIG],
    };
  }
}
