import { ExpectedError } from './expected-error.js';

/** Milliseconds until a server that does not answer counts as absent. */
const PATIENCE = 5_000;

/**
 * Services wait for a broker or a cache that is away, also at their start: a wrong address would be told by none of them.
 * @throws ExpectedError when one of the given servers cannot be reached
 */
export async function assertPeersAnswer(given: { rabbitmqUrl: string | undefined; redisUrl: string | undefined }) {
  const { rabbitmqUrl, redisUrl } = given;
  await Promise.all([rabbitmqUrl && assertRabbitMqAnswers(rabbitmqUrl), redisUrl && assertRedisAnswers(redisUrl)]);
}

async function assertRabbitMqAnswers(url: string): Promise<void> {
  const { connect } = await import('amqplib');
  try {
    const connection = await connect(url, { timeout: PATIENCE });
    connection.on('error', () => undefined);
    await connection.close();
  } catch (error) {
    throw new ExpectedError(
      `The message broker ${new URL(url).host} does not let us in: ${reasonOf(error)}. RABBITMQ_URL must be a login to a running RabbitMQ; unset it to send messages through PostgreSQL.`,
    );
  }
}

async function assertRedisAnswers(url: string): Promise<void> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: PATIENCE,
    commandTimeout: PATIENCE,
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  let reason: unknown;
  redis.on('error', (error) => (reason = error));
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    throw new ExpectedError(
      `The Redis server ${new URL(url).host} does not let us in: ${reasonOf(reason ?? error)}. REDIS_URL must be a login to a running Redis; unset it to do without.`,
    );
  } finally {
    redis.disconnect();
  }
}

/** Node tells of a name with two addresses, of which neither answers, by a code alone. */
const reasonOf = (error: unknown) => {
  const { message, code } = error as NodeJS.ErrnoException;
  return (message || code || String(error)).replace(/\.$/, '');
};
