import {
  paymentDisputeClosed,
  paymentDisputed,
  mailFailed,
  mailQueued,
  mailSent,
  paymentExpired,
  paymentFailed,
  paymentOpened,
  paymentRefunded,
  paymentRefundFailed,
  paymentRefundTakenUp,
  paymentSucceeded,
  paymentUnavailable,
  type DataOf,
  type Envelope,
} from '@app/contracts';
import { Metrics } from '@app/observability';
import { Database, PersistenceModule, protectTenantTable } from '@app/persistence';
import { Controller, Inject, Module, type INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createMessagingTables } from '../messaging-tables.js';
import { MessagingModule, messageStrategy } from '../messaging.module.js';
import type { MessagingOptions } from '../messaging-options.js';
import { OnMessage, OnMessages, type Messages } from '../on-message.js';
import { RETRY_DELAYS, SERVICE } from './brokers.js';

export class Tables1000000000000 implements MigrationInterface {
  name = 'Tables1000000000000';
  async up(runner: QueryRunner): Promise<void> {
    await createMessagingTables(runner);
    await runner.query(
      `create table effects (tenant_id uuid not null, message_id uuid not null, order_id uuid not null check (order_id <> '${REFUSED}'))`,
    );
    await protectTenantTable(runner, 'effects');
  }
  async down(): Promise<void> {}
}

type Opened = DataOf<typeof paymentOpened>;

type Failures = Messages<typeof paymentFailed>;

/** What a spec does with a message, or a group, after its effect is written; the transport does not know it. */
export const script: {
  onOpened: (envelope: Envelope<Opened>) => Promise<void>;
  onFailed: (messages: Failures) => Promise<void>;
} = { onOpened: async () => {}, onFailed: async () => {} };

/** An order that the database refuses. */
export const REFUSED = '01900000-0000-7000-8000-000000000bad';

@Controller()
export class Payments {
  constructor(@Inject(Database) private readonly database: Database) {}

  @OnMessage(paymentOpened)
  async onOpened({ orderId }: Opened, envelope: Envelope<Opened>): Promise<void> {
    const transaction = this.database.current();
    const effect = [envelope.tenantId, envelope.id, orderId];
    await transaction.execute('insert into effects (tenant_id, message_id, order_id) values ($1, $2, $3)', effect);
    await script.onOpened(envelope);
  }

  @OnMessage(paymentSucceeded)
  async onSucceeded(): Promise<void> {}
  @OnMessages(paymentFailed)
  async onFailed(messages: Failures): Promise<void> {
    const transaction = this.database.current();
    await transaction.execute(
      'insert into effects (tenant_id, message_id, order_id) select $1, * from unnest($2::uuid[], $3::uuid[])',
      [transaction.tenantId, messages.map(({ id }) => id), messages.map(({ data }) => data.orderId)],
    );
    await script.onFailed(messages);
  }
  @OnMessage(paymentExpired)
  async onExpired(): Promise<void> {}
  @OnMessage(paymentRefunded)
  async onRefunded(): Promise<void> {}
  @OnMessage(paymentRefundFailed)
  async onRefundFailed(): Promise<void> {}
  @OnMessage(paymentRefundTakenUp)
  async onRefundTakenUp(): Promise<void> {}
  @OnMessage(paymentUnavailable)
  async onUnavailable(): Promise<void> {}
  @OnMessage(paymentDisputed)
  async onDisputed(): Promise<void> {}
  @OnMessage(paymentDisputeClosed)
  async onDisputeClosed(): Promise<void> {}
  @OnMessage(mailQueued)
  async onMailQueued(): Promise<void> {}
  @OnMessage(mailSent)
  async onMailSent(): Promise<void> {}
  @OnMessage(mailFailed)
  async onMailFailed(): Promise<void> {}
}

class Observed {}

/** A whole service as `main.ts` starts it. */
export async function startService(
  databaseUrl: string,
  options: Pick<MessagingOptions, 'rabbitmqUrl' | 'brokerDatabaseUrl'>,
  controllers: (typeof Payments)[] = [Payments],
): Promise<INestApplication> {
  const observed = { provide: Metrics, useValue: new Metrics(SERVICE) };
  @Module({
    imports: [
      { module: Observed, global: true, providers: [observed], exports: [observed] },
      PersistenceModule.forRoot({ url: databaseUrl, applicationName: 'messaging-spec' }),
      MessagingModule.forRoot({ service: SERVICE, retryDelays: RETRY_DELAYS, ...options }),
    ],
    controllers,
  })
  class Service {}
  const module = await Test.createTestingModule({ imports: [Service] }).compile();
  const app = module.createNestApplication(new FastifyAdapter(), { logger: false });
  app.connectMicroservice({ strategy: messageStrategy(app) });
  try {
    await app.startAllMicroservices();
    await app.init();
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}
