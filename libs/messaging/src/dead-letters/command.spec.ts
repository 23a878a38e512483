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
  it('explains itself, with exit code 2, when it is not understood', async () => {
    for (const wrong of ['', 'help', 'show', 'replay', 'replay a --all', 'list a', 'show a b', 'list --unknown']) {
      let text = '';
      expect(await runDeadLetterCommand(wrong.split(' ').filter(Boolean), noBroker, (part) => (text += part))).toBe(2);
      expect(text).toContain('replay <id> | --all');
    }
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
