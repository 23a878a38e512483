import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from '@app/configuration';
import { z } from 'zod';
import { databaseConfig, databaseEnvironment } from './environment.js';

const databaseUrl = 'postgres://login@127.0.0.1/tickets';
const read = (given: Record<string, string>, options?: { poolSize: number }) =>
  databaseConfig(readEnvironment(z.object(databaseEnvironment(options)), { DATABASE_URL: databaseUrl, ...given }));

describe('the environment of a database', () => {
  it('is its address and how many connections at most, which each service has a standard for', () => {
    expect(read({})).toEqual({ databaseUrl, databasePool: 10, namedStatements: true });
    expect(read({}, { poolSize: 20 })).toEqual({ databaseUrl, databasePool: 20, namedStatements: true });
    expect(read({ DATABASE_POOL: '3' }, { poolSize: 20 })).toMatchObject({ databasePool: 3 });
  });

  it('names no statements where it is told that they do not last', () => {
    expect(read({ DATABASE_NAMED_STATEMENTS: 'off' }).namedStatements).toBe(false);
    expect(() => read({ DATABASE_NAMED_STATEMENTS: 'no' })).toThrow('DATABASE_NAMED_STATEMENTS');
  });

  it('leaves a connection for a transaction beside the one that waits for it', () => {
    expect(() => read({ DATABASE_POOL: '1' })).toThrow('DATABASE_POOL is not a whole number of at least 2.');
  });

  it('names PostgreSQL, always', () => {
    expect(() => read({ DATABASE_URL: '' })).toThrow('DATABASE_URL is missing');
    expect(() => read({ DATABASE_URL: 'mysql://host/db' })).toThrow(
      /DATABASE_URL is not a URL that begins with postgres/,
    );
  });
});
