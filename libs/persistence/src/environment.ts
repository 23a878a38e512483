import { postgresUrl } from '@app/configuration';
import { z } from 'zod';

/** Variables of every service with a database, to spread into the schema of its `config.ts`. */
export const databaseEnvironment = ({ poolSize = 10 } = {}) => ({
  DATABASE_URL: postgresUrl,
  DATABASE_NAMED_STATEMENTS: z.enum(['on', 'off']).default('on'),
  DATABASE_POOL: z.coerce.number().int().min(2).default(poolSize),
});
type DatabaseEnvironment = z.infer<z.ZodObject<ReturnType<typeof databaseEnvironment>>>;

export interface DatabaseConfig {
  /** With the service's own login. */
  readonly databaseUrl: string;
  /** Connections at most. */
  readonly databasePool: number;
  /** Off behind a pooler that does not carry prepared statements from one server connection to another. On by default. */
  readonly namedStatements?: boolean;
}

export const databaseConfig = (environment: DatabaseEnvironment): DatabaseConfig => ({
  databaseUrl: environment.DATABASE_URL,
  databasePool: environment.DATABASE_POOL,
  namedStatements: environment.DATABASE_NAMED_STATEMENTS === 'on',
});
