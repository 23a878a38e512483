import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Database } from '@app/persistence';
import { Relay } from './relay.js';

let up: boolean;
let asked: number;
let relay: Relay;
let said: string[];

beforeEach(() => {
  jest.useFakeTimers();
  up = false;
  asked = 0;
  said = [];
  const note = (message: unknown) => void said.push(String(message));
  Logger.overrideLogger({ log: note, warn: note, error: note });
  const isUp = async () => {
    asked += 1;
    return up;
  };
  const empty = { asJob: async () => ({ rows: [], confirmed: 0 }) } as unknown as Database;
  relay = new Relay(empty, { isUp, publishAll: async () => [], close: async () => undefined });
  relay.start();
});
afterEach(async () => {
  await relay.stop();
  jest.useRealTimers();
});

it('a connection that takes a moment to be made is no outage', async () => {
  await jest.advanceTimersByTimeAsync(4_000);
  up = true;
  await jest.advanceTimersByTimeAsync(20_000);
  expect(said).toEqual([]);
});

it('an outage is told once at first, then about twice a minute, and so is its end', async () => {
  await jest.advanceTimersByTimeAsync(12_000);
  expect(said).toEqual(['Messages wait in the outbox: the broker does not answer']);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(said).toHaveLength(3);
  up = true;
  await jest.advanceTimersByTimeAsync(10_000);
  expect(said.slice(3)).toEqual(['Messages leave again.']);
});

it('a broker that is away is asked less and less often, however many messages come meanwhile', async () => {
  for (let sent = 0; sent < 100; sent += 1) {
    relay.wake();
    await jest.advanceTimersByTimeAsync(100);
  }
  expect(asked).toBeLessThan(8);
});
