import { randomBytes } from 'node:crypto';
import { deleteMessages, migrateBroker } from '@app/messaging';
import { dropDatabase, testServerUrl } from '@app/testing';

/** A place of its own for messages: on RabbitMQ where the run names one (TEST_RABBITMQ_URL), else on pg-boss. */
export interface TestBroker {
  options: { rabbitmqUrl?: string; brokerDatabaseUrl?: string };
  remove(): Promise<void>;
}

/** Seconds; queues bear them in their names, so all services of a spec agree on them. */
export const RETRY_DELAYS = [0.2, 0.5];

export function createBroker(): Promise<TestBroker> {
  const label = `spec_broker_${randomBytes(5).toString('hex')}`;
  const rabbitmq = process.env.TEST_RABBITMQ_URL;
  return rabbitmq ? onRabbitMq(rabbitmq, label) : onPgBoss(label);
}

async function onRabbitMq(server: string, label: string): Promise<TestBroker> {
  const url = new URL(server);
  url.searchParams.set('prefix', label);
  return { options: { rabbitmqUrl: url.href }, remove: () => deleteMessages(url.href, RETRY_DELAYS) };
}

async function onPgBoss(name: string): Promise<TestBroker> {
  const password = 'of-a-spec';
  const url = new URL(testServerUrl());
  url.pathname = `/${name}`;
  await migrateBroker({ url: url.href, password });
  url.username = name;
  url.password = password;
  return { options: { brokerDatabaseUrl: url.href }, remove: () => dropDatabase(name) };
}
