import { fork } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

await prepare();

// The channel tells the platform when this process dies without a word: it then stops by itself.
const platform = fork(join(root, 'dist/programs/standalone/main.js'));

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => platform.kill(signal));
platform.once('exit', (code, signal) => {
  if (signal) process.removeAllListeners(signal);
  if (signal) process.kill(process.pid, signal);
  else process.exit(code ?? 1);
});

// npm that was killed cannot pass a signal on; the platform would outlive what its user sees as the whole program.
// (The script is `exec node …`, so that npm is our parent and no shell between us swallows signals.)
if (process.env.npm_lifecycle_event) {
  const npm = process.ppid;
  setInterval(() => {
    if (process.ppid !== npm && platform.connected) platform.disconnect();
  }, 100).unref();
}
