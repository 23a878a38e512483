import { spawn } from 'node:child_process';

/**
 * Runs a command, shows what it says (stdout only if it fails when `quiet`), and ends it when we are told to end.
 * @returns exit code and everything it said
 */
export function run(command, args, cwd, { quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command === 'npm',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        if (!quiet) process.stderr.write(text);
      });
    }
    const end = (signal) => {
      child.kill(signal);
      child.once('close', () => process.exit(1));
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, end);
    child.once('error', (error) => reject(error.code === 'ENOENT' ? notFound(command) : error));
    child.once('close', (code) => {
      for (const signal of signals) process.off(signal, end);
      if (quiet && code !== 0) process.stderr.write(output);
      resolve({ code, output });
    });
  });
}

const notFound = (command) =>
  Object.assign(new Error(`${command} is not on the PATH; it comes with Node. Install Node from https://nodejs.org.`), {
    expected: true,
  });
