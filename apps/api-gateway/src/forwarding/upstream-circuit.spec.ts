import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ProblemError } from '@app/problem-details';
import { unavailable } from './silence.js';
import { UpstreamCircuit } from './upstream-circuit.js';

const silent = (code = 'ECONNREFUSED') => Promise.reject(Object.assign(new Error('x'), { code }));
const notAsked = { code: 'service-unavailable' };
const told = [jest.spyOn(Logger.prototype, 'warn'), jest.spyOn(Logger.prototype, 'log')];
beforeAll(() => told.forEach((spy) => spy.mockImplementation(() => undefined)));
afterAll(() => told.forEach((spy) => spy.mockRestore()));
beforeEach(() => void jest.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void jest.useRealTimers());

async function opened(): Promise<UpstreamCircuit> {
  const circuit = new UpstreamCircuit('ticket-api');
  for (let n = 0; n < 10; n++) await expect(circuit.pass(() => silent())).rejects.toThrow('x');
  expect(circuit.level).toBe(2);
  return circuit;
}

describe('a service', () => {
  it('that was silent ten times in a row is not asked for a second', async () => {
    const circuit = await opened();
    const ask = jest.fn(() => Promise.resolve('answer'));
    await expect(circuit.pass(ask)).rejects.toMatchObject(notAsked);
    jest.advanceTimersByTime(999);
    await expect(circuit.pass(ask)).rejects.toMatchObject(notAsked);
    expect(ask).not.toHaveBeenCalled();
  });

  it('is asked by one request after a pause, and by everybody again once that had an answer', async () => {
    const circuit = await opened();
    jest.advanceTimersByTime(1_000);
    let answer: (text: string) => void = () => undefined;
    const probe = circuit.pass(() => new Promise<string>((resolve) => (answer = resolve)));
    expect(circuit.level).toBe(1);
    const others = jest.fn(() => Promise.resolve('too early'));
    await expect(circuit.pass(others)).rejects.toMatchObject(notAsked);
    expect(others).not.toHaveBeenCalled();
    answer('back');
    expect(await probe).toBe('back');
    expect([circuit.level, await circuit.pass(() => Promise.resolve('all'))]).toEqual([0, 'all']);
    expect(told.map((spy) => spy.mock.calls.length > 0)).toEqual([true, true]);
  });

  it('whose probe is silent is left alone for another pause', async () => {
    const circuit = await opened();
    jest.advanceTimersByTime(1_000);
    await expect(circuit.pass(() => silent())).rejects.toThrow('x');
    await expect(circuit.pass(() => Promise.resolve('no'))).rejects.toMatchObject(notAsked);
    jest.advanceTimersByTime(1_000);
    expect(await circuit.pass(() => Promise.resolve('back'))).toBe('back');
  });

  it('that answers, with whatever, is asked on', async () => {
    const circuit = new UpstreamCircuit('payment-service');
    for (let n = 0; n < 50; n++) {
      await circuit.pass(() => Promise.resolve({ statusCode: 503 }));
      await expect(circuit.pass(() => Promise.reject(new ProblemError('sold-out')))).rejects.toThrow();
      await expect(circuit.pass(() => Promise.reject(unavailable('x', undefined)))).rejects.toThrow();
    }
    expect(circuit.level).toBe(0);
  });

  it('that is silent now and then, or seldom asked, is asked on', async () => {
    const busy = new UpstreamCircuit('ticket-api');
    for (let n = 0; n < 50; n++) {
      await busy.pass(() => Promise.resolve('ok'));
      await expect(busy.pass(() => silent('UND_ERR_HEADERS_TIMEOUT'))).rejects.toThrow();
      await busy.pass(() => Promise.resolve('ok'));
    }
    const seldom = new UpstreamCircuit('ticket-api');
    for (let n = 0; n < 50; n++) {
      await expect(seldom.pass(() => silent())).rejects.toThrow();
      jest.advanceTimersByTime(1_000);
    }
    expect([busy.level, seldom.level]).toEqual([0, 0]);
  });

  it.each(['ECONNRESET', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_SOCKET'])(
    'is silent by %s, also as the cause of a problem',
    async (code) => {
      const circuit = new UpstreamCircuit('ticket-api');
      const cause = Object.assign(new Error('x'), { code });
      for (let n = 0; n < 10; n++)
        await expect(circuit.pass(() => Promise.reject(unavailable('ticket-api', cause)))).rejects.toThrow();
      expect(circuit.level).toBe(2);
    },
  );
});
