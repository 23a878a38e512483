import { readFileSync, rmSync } from 'node:fs';
import type { Config } from './config.js';
import { writeAtomically } from './data-directory/atomic-file.js';
import type { Databases } from './databases/databases.js';

/** The part of the services' environment that names the broker. */
export type BrokerEnvironment = { RABBITMQ_URL: string } | { BROKER_DATABASE_URL: string };

export const brokerOf = ({ rabbitmqUrl }: Config, { broker }: Databases): BrokerEnvironment =>
  rabbitmqUrl ? { RABBITMQ_URL: rabbitmqUrl } : { BROKER_DATABASE_URL: broker.loginUrl };

/** There while the platform runs; it holds a password, and only its owner can read it. */
export const writeBroker = (path: string, broker: BrokerEnvironment) => writeAtomically(path, JSON.stringify(broker));
export const removeBroker = (path: string) => rmSync(path, { force: true });

/** @returns undefined when no platform runs */
export function readBroker(path: string): BrokerEnvironment | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as BrokerEnvironment;
  } catch {
    return undefined;
  }
}
