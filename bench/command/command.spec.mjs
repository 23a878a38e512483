import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIGURES } from '../figures.mjs';
import { BENCH } from './bench-command.mjs';
import { CANCELLATION } from './cancellation-command.mjs';
import { RUSH } from './rush-command.mjs';
import { EX_USAGE, understand, UsageError } from './arguments.mjs';

const root = join(import.meta.dirname, '../..');
let folder;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'ticketing-command-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const resultFile = (name, { quick = false, figures = FIGURES.map((figure) => figure.name) } = {}) => {
  const path = join(folder, `${name}.json`);
  const seconds = Object.fromEntries(figures.map((figure) => [figure, 1]));
  writeFileSync(path, JSON.stringify({ machine: {}, pace: { quick }, rows: {}, seconds }));
  return path;
};
const refusal = (args, command = BENCH) => {
  try {
    return understand(args, command);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return error.message;
  }
};

describe('a benchmark', () => {
  it.each([
    [['--quik'], "Unknown option '--quik'."],
    [['--only'], "Option '--only <value>' argument missing."],
    [['--only', 'nonsense'], 'There is no figure “nonsense”; there are orders, slow-commits, first-tokens,'],
    [['--only', 'orders,'], 'There is no figure “”'],
    [['--quick', '--soak'], '--quick and --soak exclude each other.'],
    [['--soak', '--only', 'tail'], '--soak measures one figure alone'],
    [['--publish', '--quick'], '--publish takes a full run'],
    [['--publish', '--soak'], '--publish takes a full run'],
    [['--publish', '--only', 'tail'], '--publish takes a full run'],
    [['--publish', 'package.json'], 'package.json is no result of a run.'],
    [['--publish', 'missing.json'], 'missing.json is no result of a run.'],
    [['quick'], 'quick: result files are read with --publish only.'],
  ])('that is asked for with %j is refused with a sentence', (args, sentence) => {
    expect(refusal(args)).toMatch(new RegExp(`^${sentence.replaceAll(/[.?<>]/g, '\\$&')}`));
  });

  it('publishes a full run, and what further ones add to it, but neither a part alone nor what was quick', () => {
    const [full, soak] = [resultFile('full'), resultFile('soak', { figures: ['soak'] })];
    expect(understand(['--publish', full, soak], BENCH).results).toHaveLength(2);
    expect(refusal(['--publish', soak, full])).toBe(`${soak} is not the result of a full run, which comes first.`);
    const quick = resultFile('quick', { quick: true });
    expect(refusal(['--publish', full, quick])).toContain('the result of a quick run');
  });

  it('measures what was asked for', () => {
    expect(understand(['--quick', '--only', 'orders,tail'], BENCH)).toMatchObject({
      quick: true,
      only: ['orders', 'tail'],
      results: [],
    });
  });
});

it.each([
  [['--attempts', '100', '--tickets', '300'], '100 attempts cannot sell out 300 tickets'],
  [['--attempts', '300', '--tickets', '300'], '300 attempts cannot sell out 300 tickets'],
  [['--connections', '0'], '--connections is a whole number, 1 at least.'],
  [['--tickets', 'many'], '--tickets is a whole number, 1 at least.'],
  [['100'], "Unexpected argument '100'."],
])('a rush with %j is refused with a sentence', (args, sentence) => {
  expect(refusal(args, RUSH)).toContain(sentence);
});

it.each([
  [['--orders', '0'], '--orders is a whole number, 1 at least.'],
  [['--per-second', '101'], '--per-second is 100 at most.'],
  [['--minutes', 'soon'], '--minutes is a whole number, 1 at least.'],
])('a cancellation with %j is refused with a sentence', (args, sentence) => {
  expect(refusal(args, CANCELLATION)).toContain(sentence);
});

describe('a command', () => {
  const run = (script, ...args) => ended(spawn(process.execPath, [join(root, 'scripts', script), ...args]));

  it.each(['bench.mjs', 'rush.mjs', 'cancellation.mjs', 'bench-scaling.mjs'])('%s tells its usage', async (script) => {
    expect(await run(script, '--help')).toMatchObject({ code: 0, out: expect.stringContaining('Usage: npm run') });
    const { code, out } = await run(script, '--nonsense');
    expect(code).toBe(EX_USAGE);
    expect(out).toMatch(/^Unknown option '--nonsense'\.\n\nUsage/);
  });

  it('that is wrong writes nothing', async () => {
    const page = () => readFileSync(join(root, 'docs/performance.md'), 'utf8');
    const before = page();
    expect((await run('bench.mjs', '--only', 'nonsense', '--publish')).code).toBe(EX_USAGE);
    expect(page()).toBe(before);
  });

  it.each([
    ['SIGINT', 'starting'],
    ['SIGTERM', 'running'],
  ])(
    'that %s interrupts while a platform is %s leaves neither processes nor folders',
    async (signal, when) => {
      const temporary = mkdtempSync(join(folder, 'interrupted-'));
      const path = join(folder, 'program.mjs');
      const program = `
      import { interruptible } from '${root}/bench/command/interruption.mjs';
      import { Site } from '${root}/bench/stage/site.mjs';
      await interruptible(async () => {
        const site = Site.open('${root}', {});
        console.log('starting');
        console.log('running', (await site).url);
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      });`;
      writeFileSync(path, program);
      const environment = { ...process.env, TMPDIR: temporary };
      const child = spawn(process.execPath, [path], { env: environment });
      const end = ended(child);
      const url = await new Promise((resolve, reject) => {
        void end.then(({ out }) => reject(new Error(out)));
        child.stdout.on('data', (chunk) => String(chunk).includes(when) && resolve(/http\S+/.exec(chunk)?.[0]));
      });
      child.kill(signal);
      const { code, out } = await end;
      expect(code).toBe(130);
      expect(out).toContain('Interrupted');
      expect(out).not.toMatch(/Error|at file:/);
      expect(readdirSync(temporary)).toEqual([]);
      if (url) await expect(fetch(url)).rejects.toThrow('fetch failed');
    },
    90_000,
  );
});

async function ended(child) {
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (out += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, out };
}
