import { expect, it } from '@jest/globals';
import { startPlatform } from '@app/testing';
import { spawn } from 'node:child_process';

/** `npm run dead-letters`, of which it is told nothing but where the data lies. */
function deadLetters(dataDirectory: string, ...arguments_: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ['dist/programs/standalone/dead-letters.js', ...arguments_], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDirectory },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

it('dead letters are those of the broker that the platform on this DATA_DIR uses, while it runs', async () => {
  const platform = await startPlatform();
  try {
    const of = (...arguments_: string[]) => deadLetters(platform.dataDirectory, ...arguments_);
    expect(await of('list')).toEqual({ code: 0, said: 'No dead letters.\n' });
    expect(await of('show', 'x')).toEqual({ code: 1, said: 'There is no such dead letter.\n' });
    expect(await of()).toEqual({ code: 64, said: expect.stringContaining('replay <id> | --all') });
    await platform.stop();
    expect(await of('list')).toEqual({ code: 1, said: expect.stringContaining('No platform runs on') });
  } finally {
    await platform.remove();
  }
});
