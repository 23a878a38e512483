import { describe, expect, it } from '@jest/globals';
import { runDeadLetterCommand } from './command.js';
import type { DeadLetter } from './dead-letters.js';
import { asTable, inFull } from './print.js';

const letter: DeadLetter = {
  service: 'payment-service',
  id: '0197',
  type: 'order.reserved.v1',
  failures: 6,
  error: `the first line\n${'x'.repeat(200)}`,
  diedAt: '2026-11-21T10:00:00.000Z',
  body: { id: '0197', data: { orderId: 'o' } },
};

const noBroker = () => {
  throw new Error('nobody asks for a broker to read the usage');
};

describe('the command dead-letters', () => {
  const run = async (...args: string[]) => {
    const told = { out: '', complaint: '' };
    const output = {
      out: (text: string) => (told.out += text),
      complain: (text: string) => (told.complaint += text),
    };
    return { code: await runDeadLetterCommand(args, noBroker, output), ...told };
  };

  it.each([
    ['', 'What is to be done?'],
    ['help', '“help” is nothing that can be done.'],
    ['show', 'show takes the id of a dead letter.'],
    ['replay', 'replay takes the id of a dead letter, or --all.'],
    ['replay a --all', 'replay takes the id of a dead letter, or --all.'],
    ['list a', 'list takes no id; show does.'],
    ['list --all', '--all belongs to replay.'],
    ['show a b', "Unexpected argument 'b'."],
    ['list --unknown', "Unknown option '--unknown'."],
    ['list --service', "Option '--service <value>' argument missing."],
  ])('“%s” is refused with a sentence and EX_USAGE', async (args, sentence) => {
    const { code, out, complaint } = await run(...args.split(' ').filter(Boolean));
    expect([code, out, complaint.split('\n')[0]]).toEqual([64, '', sentence]);
    expect(complaint).toContain('Usage: npm run dead-letters');
  });

  it('tells its usage when it is asked for it', async () => {
    expect(await run('--help')).toEqual({ code: 0, out: expect.stringMatching(/^Usage/), complaint: '' });
  });

  it('asks for one broker', async () => {
    await expect(async () => runDeadLetterCommand(['list'], () => ({}))).rejects.toThrow(
      /RABBITMQ_URL or BROKER_DATABASE_URL/,
    );
  });

  it('prints one line a letter', () => {
    expect(asTable([letter])).toBe(
      [
        'DIED AT                   SERVICE          ID    TYPE               FAILURES  ERROR',
        '2026-11-21T10:00:00.000Z  payment-service  0197  order.reserved.v1  6         the first line',
        '',
      ].join('\n'),
    );
  });

  it('prints a letter in full, its body included', () => {
    expect(inFull(letter)).toMatch(/type +order\.reserved\.v1[\s\S]*"orderId": "o"/);
  });
});
