import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { toBeUndone } from '../../bench/command/clean-ups.mjs';

/** An embedded PostgreSQL for the integration specs; whole-stack specs start platforms with their own. */
export async function embeddedPeers(workspace) {
  const { EmbeddedPostgres } = await import('../../dist/apps/standalone/src/embedded-postgres/embedded-postgres.js');
  const folder = join(workspace, 'postgres');
  mkdirSync(folder, { recursive: true });
  const tell = (level, message) => level === 'warn' && console.error(message);
  const postgres = new EmbeddedPostgres({
    folder,
    port: await freePort(),
    logFile: join(workspace, 'postgres.log'),
    password: randomBytes(16).toString('hex'),
    tell,
  });
  const stop = toBeUndone(() => postgres.stop());
  await postgres.start();
  return {
    title: 'Specs run on embedded PostgreSQL, messages on pg-boss, no Redis.',
    environment: {
      TEST_DATABASE_URL: postgres.url('postgres'),
      TEST_RABBITMQ_URL: '',
      TEST_REDIS_URL: '',
      TEST_SERVICES: '',
    },
    stop,
  };
}

/** The real ones, on their default local addresses unless told otherwise. @throws when one cannot be reached. */
export async function realServices() {
  const {
    DATABASE_URL = 'postgres://postgres@127.0.0.1:5432/postgres',
    RABBITMQ_URL = 'amqp://guest:guest@127.0.0.1:5672',
    REDIS_URL = 'redis://127.0.0.1:6379',
  } = process.env;
  const urls = { PostgreSQL: DATABASE_URL, RabbitMQ: RABBITMQ_URL, Redis: REDIS_URL };
  for (const [name, url] of Object.entries(urls)) await mustAnswer(name, new URL(url));
  const shown = Object.entries(urls).map(([name, url]) => `${name} at ${new URL(url).host}`);
  return {
    title: `Specs run on the real services: ${shown.join(', ')}; messages on RabbitMQ.`,
    environment: {
      TEST_DATABASE_URL: DATABASE_URL,
      TEST_RABBITMQ_URL: RABBITMQ_URL,
      TEST_REDIS_URL: REDIS_URL,
      TEST_SERVICES: 'real',
    },
    stop: async () => undefined,
  };
}

/** The sources of apps and libs in which the address of a server is read. */
export const filesThatUseServers = (root) =>
  ['apps', 'libs']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => join(root, folder, name)))
    .filter((path) => path.endsWith('.ts') && /TEST_(DATABASE|RABBITMQ|REDIS)_URL/.test(readFileSync(path, 'utf8')));

const PORTS = { 'postgres:': 5432, 'postgresql:': 5432, 'amqp:': 5672, 'redis:': 6379 };

async function mustAnswer(name, { hostname, port, protocol }) {
  const address = { host: hostname, port: Number(port || PORTS[protocol]) };
  await new Promise((resolve, reject) => {
    const socket = connect(address, () => resolve(socket.end()));
    socket.once('error', reject);
  }).catch((error) => {
    console.error(
      `${name} does not answer at ${address.host}:${address.port} (${error.code}). Start it, or name another in DATABASE_URL, RABBITMQ_URL, REDIS_URL.`,
    );
    process.exit(1);
  });
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
