import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { runMigration } from './migrate-main.js';

const login = { DATABASE_URL: 'postgres://owner:secret@127.0.0.1/tickets', DATABASE_ROLE_PASSWORD: 'other' };
const before = { ...process.env };
let told: string;

beforeEach(() => {
  told = '';
  jest.spyOn(console, 'error').mockImplementation((...parts) => void (told += `${parts.join(' ')}\n`));
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...before };
});

/** How the process ends. */
async function statusWith(environment: Record<string, string>, work = () => Promise.resolve()): Promise<unknown> {
  process.env = { ...environment };
  const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  await runMigration(work);
  return exit.mock.calls[0]?.[0];
}

it('a migration without a login says what it needs, and that its configuration is wrong', async () => {
  expect(await statusWith({ DATABASE_URL: 'secret://x' })).toBe(78);
  expect(told).toBe(
    'The environment does not fit: DATABASE_URL is not a URL that begins with postgres:// or postgresql://; DATABASE_ROLE_PASSWORD is missing.\n',
  );
});

it('a migration that fails is told with the name of its database', async () => {
  expect(await statusWith(login, () => Promise.reject(new Error('no table')))).toBe(1);
  expect(told).toContain('The migration of tickets failed: Error: no table');
});

it('a migration that works ends by itself', async () => {
  expect(await statusWith(login)).toBeUndefined();
});
