import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

const scripts = dirname(import.meta.dirname);
const run = (script, ...args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(scripts, script), ...args], {
    encoding: 'utf8',
  });
  return { code: status, said: stdout + stderr };
};
const EX_USAGE = 64;

describe('a command', () => {
  it.each(['demo', 'simulate', 'crash-points', 'chaos', 'mutants', 'cancellation'])(
    '%s tells its usage, and refuses what it does not know',
    (name) => {
      expect(run(`${name}.mjs`, '--help')).toEqual({ code: 0, said: expect.stringMatching(/^Usage: npm run/) });
      const refused = expect.stringMatching(/^Unknown option '--nonsense'\.\n\nUsage/);
      expect(run(`${name}.mjs`, '--nonsense')).toEqual({ code: EX_USAGE, said: refused });
    },
  );

  it.each([
    ['demo.mjs', ['quickly'], "Unexpected argument 'quickly'."],
    ['simulate.mjs', ['--seed', 'x'], '--seed is a whole number, 0 at least.'],
    ['simulate.mjs', ['--histories', '0'], '--histories is a whole number, 1 at least.'],
    ['crash-points.mjs', ['relay/never'], 'There is no crash point “relay/never”.'],
    ['mutants.mjs', ['--only', 'no such guard'], 'No mutant has “no such guard” in its name or file.'],
    ['mutants.mjs', ['--list', '--only', 'no such guard'], 'No mutant has “no such guard” in its name or file.'],
    ['mutants.mjs', ['--only', 'rabbitmq.strategy'], 'All that “rabbitmq.strategy” names needs RabbitMQ: --services.'],
    ['mutants.mjs', ['--jobs', '1.5'], '--jobs is a whole number, 1 at least.'],
    ['mutants.mjs', ['--seed', '7'], '--seed chooses a --sample.'],
  ])('%s %j is refused with a sentence', (script, args, sentence) => {
    const { code, said } = run(script, ...args);
    expect([code, said.split('\n')[0]]).toEqual([EX_USAGE, sentence]);
  });
});
