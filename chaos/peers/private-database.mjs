import { randomBytes } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { toBeUndone } from '../../bench/command/clean-ups.mjs';
import { cableTo } from './cable.mjs';

const standalone = '../../dist/apps/standalone/src/embedded-postgres';

/** The embedded PostgreSQL of `npm start`, on a folder of this run; it is started again whenever it ends. */
export async function privateDatabase({ label, workspace, port }) {
  const { EmbeddedPostgres } = await import(`${standalone}/embedded-postgres.js`);
  const { findPostmaster } = await import(`${standalone}/postmaster.js`);
  const folder = join(workspace, 'postgres');
  mkdirSync(folder);
  const cluster = join(folder, 'cluster');
  const postgres = new EmbeddedPostgres({
    folder: cluster,
    port,
    logFile: join(workspace, 'postgres.log'),
    password: randomBytes(16).toString('hex'),
    tell: () => undefined,
  });
  const stop = toBeUndone(() => postgres.stop());
  await postgres.start();
  const direct = postgres.url(label);
  const { cable, url } = await cableTo(direct, port);
  return {
    title: 'embedded PostgreSQL',
    cable,
    url,
    direct,
    /** What PostgreSQL calls an immediate shutdown: it recovers from its log at the next start. */
    breakDown: () => process.kill(findPostmaster(realpathSync(cluster)).pid, 'SIGQUIT'),
    async remove() {
      await cable.pull();
      await stop();
    },
  };
}
