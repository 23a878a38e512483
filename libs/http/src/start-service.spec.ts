import { afterEach, expect, it, jest } from '@jest/globals';
import { Module, type OnModuleDestroy } from '@nestjs/common';
import { ConfigurationError, EX_CONFIG } from '@app/configuration';
import { generateServiceKeys } from '@app/auth';
import { startService } from './start-service.js';

let letGo: () => void;
/** Takes as long as it takes. */
@Module({})
class Endless implements OnModuleDestroy {
  onModuleDestroy = () => new Promise<void>((resolve) => (letGo = resolve));
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'unhandledRejection', 'uncaughtException', 'disconnect'];

@Module({})
class Empty {}

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  for (const name of SIGNALS) process.removeAllListeners(name);
});

/** How the process of a service ends whose config, or whose module, fails like this. */
async function statusAfter(failure: { config?: Error; module?: Error }): Promise<unknown> {
  const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  const keys = generateServiceKeys(['ticket-api'])['ticket-api']!;
  const config = () => {
    if (failure.config) throw failure.config;
    return { port: 0, internalPort: 0, host: '127.0.0.1', logLevel: 'silent' as const, ...keys };
  };
  const module = () => {
    if (failure.module) throw failure.module;
    return Empty;
  };
  await startService({ name: 'ticket-api', config, module, operations: [] });
  return exit.mock.calls[0]?.[0];
}

it('a service whose environment does not fit ends with the status that says so', async () => {
  expect(await statusAfter({ config: new ConfigurationError('HOLD is not a number.') })).toBe(EX_CONFIG);
});

it('so does one that finds out later, from a key that is none', async () => {
  expect(await statusAfter({ module: new ConfigurationError('KEY is not a key.') })).toBe(EX_CONFIG);
});

it('any other failure ends it with 1', async () => {
  expect(await statusAfter({ module: new Error('no luck') })).toBe(1);
});

it('one that is asked to stop and cannot ends all the same, after 25 seconds and its delay, with 1', async () => {
  const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  const keys = generateServiceKeys(['ticket-api'])['ticket-api']!;
  const config = () => ({ port: 0, internalPort: 0, host: '127.0.0.1', logLevel: 'silent' as const, ...keys });
  await startService({ name: 'ticket-api', config, module: () => Endless, operations: [] });
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  process.emit('SIGTERM');
  await new Promise((resolve) => setImmediate(resolve));
  jest.advanceTimersByTime(24_900);
  expect(exit).not.toHaveBeenCalled();
  jest.advanceTimersByTime(100);
  expect(exit.mock.calls).toEqual([[1]]);
  jest.useRealTimers();
  const ended = new Promise((resolve) => exit.mockImplementation(resolve as never));
  letGo();
  expect(await ended).toBe(0);
});
