import { fork } from 'node:child_process';
import { join } from 'node:path';

/** A bare two-hop echo, each hop a process of its own, as gateway and service are. */
export async function startEcho() {
  const service = await start('service.mjs');
  const door = await start('door.mjs', service.url);
  return {
    url: door.url,
    processes: { door: door.child.pid, service: service.child.pid },
    close: () => [door, service].forEach(({ child }) => child.disconnect()),
  };
}

function start(file, ...args) {
  const child = fork(join(import.meta.dirname, file), args);
  return new Promise((resolve, reject) => {
    child.once('message', ({ url }) => resolve({ child, url }));
    child.once('exit', (code) => reject(new Error(`The echo's ${file} ended with ${code}.`)));
  });
}
