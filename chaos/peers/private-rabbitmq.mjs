import { connect } from 'amqplib';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBeUndone } from '../../bench/command/clean-ups.mjs';
import { cableTo } from './cable.mjs';
import { freePort } from './free-port.mjs';
import { withPrefix } from './given.mjs';
import { OwnServer } from './own-server.mjs';

/** Debian's program of this name on the PATH changes the user and forgets the environment. */
const DEBIAN = '/usr/lib/rabbitmq/bin/rabbitmq-server';

/** A RabbitMQ node of this run's own: ports, folders, cookie and even the name server of Erlang. */
export async function privateRabbitMq({ label, workspace, port }) {
  const folder = join(workspace, 'rabbitmq');
  mkdirSync(folder);
  const file = (name, text) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const env = {
    ...process.env,
    HOME: folder,
    ERL_EPMD_PORT: String(await freePort()),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `${label}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(await freePort()),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_CONF_ENV_FILE: file('rabbitmq-env.conf', ''),
    RABBITMQ_CONFIG_FILE: file('rabbitmq.conf', `listeners.tcp.local = 127.0.0.1:${port}\n`),
    RABBITMQ_ENABLED_PLUGINS_FILE: file('enabled_plugins', '[].\n'),
  };
  const plain = `amqp://guest:guest@127.0.0.1:${port}`;
  const server = new OwnServer({
    program: existsSync(DEBIAN) ? DEBIAN : 'rabbitmq-server',
    args: [],
    env,
    logFile: join(workspace, 'rabbitmq.log'),
    answers: async () => {
      const connection = await connect(plain, { timeout: 1_000 });
      connection.on('error', () => undefined);
      await connection.close();
      return true;
    },
  });
  const end = toBeUndone(async () => {
    await server.kill();
    spawnSync('epmd', ['-kill'], { env });
  });
  await server.start();
  const direct = withPrefix(plain, label);
  const { cable, url } = await cableTo(direct, port);
  return {
    title: 'RabbitMQ of its own',
    cable,
    url,
    direct,
    breakDown: () => server.kill(),
    comeBack: () => server.start(),
    async remove() {
      await cable.pull();
      await end();
    },
  };
}
