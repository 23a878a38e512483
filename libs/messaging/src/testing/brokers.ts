import { Cable, dropDatabase, testServerUrl } from '@app/testing';
import { connect } from 'amqplib';
import { PgBoss } from 'pg-boss';
import { randomBytes } from 'node:crypto';
import type { BrokerEnvironment } from '../dead-letters/open-dead-letters.js';
import type { MessagingOptions } from '../messaging-options.js';
import { migrateBroker } from '../pg-boss/migrate-broker.js';
import { deadLettersOf } from '../pg-boss/queues.js';
import { deleteMessages } from '../rabbitmq/delete-messages.js';
import { rabbitMqAddress } from '../rabbitmq/rabbitmq-address.js';

export const RETRY_DELAYS = [0.2, 2.5];
/** Whose queue the specs use. */
export const SERVICE = 'ticket-api';

/** A real broker with a place of its own in it. */
export interface TestBroker {
  options: Pick<MessagingOptions, 'rabbitmqUrl' | 'brokerDatabaseUrl'>;
  /** For the command: not through the cable. */
  environment: BrokerEnvironment;
  cable: Cable;
  /** Puts bodies of any kind into the service's queue: several as if they had been published together. */
  inject(...bodies: unknown[]): Promise<void>;
  /** Takes the next message and dies with it in hand. */
  takeAndDie(): Promise<void>;
  /** Messages of the service that the broker keeps, in whatever state. */
  kept(): Promise<number>;
  cleanDeadLetters(): Promise<void>;
  drop(): Promise<void>;
}

async function rabbitMq(): Promise<TestBroker> {
  const address = new URL(process.env.TEST_RABBITMQ_URL!);
  address.searchParams.set('prefix', `spec_${randomBytes(5).toString('hex')}`);
  const { cable, url } = await Cable.to(address.href, 5672);
  const { names } = rabbitMqAddress(address.href);
  const open = () => connect(rabbitMqAddress(address.href).url);
  return {
    options: { rabbitmqUrl: url },
    environment: { RABBITMQ_URL: address.href },
    cable,
    inject: async (...bodies) => {
      const connection = await open();
      const channel = await connection.createConfirmChannel();
      for (const body of bodies)
        channel.publish(names.queues, names.queueOf(SERVICE), Buffer.from(JSON.stringify(body)));
      await channel.waitForConfirms();
      await connection.close();
    },
    takeAndDie: async () => {
      const connection = await open();
      const channel = await connection.createChannel();
      const message = await channel.get(names.queueOf(SERVICE));
      if (message === false) throw new Error('The queue is empty.');
      await connection.close();
    },
    kept: async () => {
      const connection = await open();
      const { messageCount } = await (await connection.createChannel()).checkQueue(names.queueOf(SERVICE));
      await connection.close();
      return messageCount;
    },
    cleanDeadLetters: async () => {
      const connection = await open();
      await (await connection.createChannel()).purgeQueue(names.deadLettersOf(SERVICE));
      await connection.close();
    },
    drop: async () => {
      await cable.pull();
      await deleteMessages(address.href, RETRY_DELAYS);
    },
  };
}

async function pgBoss(): Promise<TestBroker> {
  const name = `spec_broker_${randomBytes(5).toString('hex')}`;
  const owner = new URL(testServerUrl());
  owner.pathname = `/${name}`;
  await migrateBroker({ url: owner.href, password: 'of-a-spec' });
  const login = new URL(owner.href);
  login.username = name;
  login.password = 'of-a-spec';
  const { cable, url } = await Cable.to(login.href, 5432);
  const withBoss = async (work: (boss: PgBoss) => Promise<unknown>) => {
    const boss = new PgBoss({
      connectionString: login.href,
      migrate: false,
      supervise: false,
      schedule: false,
      max: 1,
    });
    boss.on('error', () => undefined);
    await boss.start();
    await work(boss);
    await boss.stop({ graceful: false });
  };
  return {
    options: { brokerDatabaseUrl: url },
    environment: { BROKER_DATABASE_URL: login.href },
    cable,
    inject: (...bodies) => {
      const data = bodies.length === 1 ? { envelope: bodies[0] } : { envelopes: bodies };
      return withBoss((boss) => boss.insert(SERVICE, [{ data }]));
    },
    takeAndDie: () => withBoss((boss) => boss.fetch(SERVICE)),
    kept: async () => {
      let kept = 0;
      await withBoss(async (boss) => {
        const sql = 'select count(*)::int as kept from pgboss.job where name = $1';
        kept = (await boss.getDb().executeSql(sql, [SERVICE])).rows[0].kept;
      });
      return kept;
    },
    cleanDeadLetters: () => withBoss((boss) => boss.deleteQueuedJobs(deadLettersOf(SERVICE))),
    drop: async () => {
      await cable.pull();
      await dropDatabase(name);
    },
  };
}

/** pg-boss always; RabbitMQ where the run names one, and then a failure to reach it fails the run. */
export const brokers: { transport: string; make: () => Promise<TestBroker> }[] = [
  { transport: 'pg-boss', make: pgBoss },
  ...(process.env.TEST_RABBITMQ_URL ? [{ transport: 'RabbitMQ', make: rabbitMq }] : []),
];
