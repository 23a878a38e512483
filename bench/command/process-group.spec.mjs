import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
let folder;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'ticketing-group-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a shell's script as a group, in a workspace. */
function start(script) {
  const path = join(folder, 'program.mjs');
  const temporary = join(folder, 'temporary');
  mkdirSync(temporary, { recursive: true });
  writeFileSync(
    path,
    `import { interruptible } from '${root}/bench/command/interruption.mjs';
     import { startGroup } from '${root}/bench/command/process-group.mjs';
     import { openWorkspace } from '${root}/scripts/test/workspace.mjs';
     await interruptible(async () => {
       const workspace = openWorkspace('spec');
       const { ended } = startGroup('sh', ['-c', ${JSON.stringify(script)}], { stdio: ['ignore', 'inherit', 'inherit'] });
       console.log('ended with', await ended);
       workspace.remove();
     });`,
  );
  const child = spawn(process.execPath, [path], { env: { ...process.env, TMPDIR: temporary } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const closed = new Promise((resolve) => child.once('close', resolve));
  const pid = new Promise((resolve) => {
    child.stdout.on('data', () => /pid \d+\n/.test(said) && resolve(Number(/pid (\d+)/.exec(said)[1])));
  });
  return { child, pid, ended: closed.then((code) => ({ code, said, left: readdirSync(temporary) })) };
}

const lives = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a program that is started as a group', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('ends with all that it has started when we get a %s', async (signal) => {
    const { child, pid, ended } = start('sleep 600 & echo pid $!; wait');
    const grandchild = await pid;
    child.kill(signal);
    const { code, said, left } = await ended;
    expect([code, left, lives(grandchild)]).toEqual([130, [], false]);
    expect(said).toContain('Interrupted');
    expect(said).not.toContain('ended with');
  });

  it('leaves nothing behind when it ends by itself', async () => {
    const { pid, ended } = start('sleep 600 >/dev/null 2>&1 & echo pid $!; exit 3');
    const grandchild = await pid;
    const { code, said, left } = await ended;
    expect([code, left, lives(grandchild)]).toEqual([0, [], false]);
    expect(said).toContain('ended with 3');
  });
});
