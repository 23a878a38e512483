import { readBroker, type BrokerEnvironment } from './broker-file.js';
import type { Config } from './config.js';

/** The broker of the environment, or of the platform that runs on DATA_DIR; undefined when there is neither. */
export function brokerToAsk(
  { brokerDatabaseUrl, rabbitmqUrl }: Config,
  brokerFile: string,
): BrokerEnvironment | undefined {
  if (rabbitmqUrl) return { RABBITMQ_URL: rabbitmqUrl };
  if (brokerDatabaseUrl) return { BROKER_DATABASE_URL: brokerDatabaseUrl };
  return readBroker(brokerFile);
}
