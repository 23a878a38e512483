import { Logger } from '@nestjs/common';
import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';

// Money and counts fit a double (contracts bound them); a bigint column is a number here.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export interface ConnectionOptions {
  url: string;
  applicationName: string;
  /** Connections at most; 10 by default. */
  poolSize?: number;
  /** Whether hot statements are prepared once per connection; they are unless told otherwise (docs/pgbouncer.md). */
  namedStatements?: boolean;
}

/** Seconds and rows of the server are bounded by the role (see `roles.ts`); these are the client's own bounds, in ms. */
const CONNECT_TIMEOUT = 3_000;
const ANSWER_TIMEOUT = 15_000;

export function dataSourceOptions({
  url,
  applicationName,
  poolSize = 10,
  namedStatements = true,
}: ConnectionOptions): DataSourceOptions {
  const log = new Logger('Database');
  return {
    type: 'postgres',
    // The very one that the parser above was set on; by itself TypeORM asks node_modules.
    driver: pg,
    url,
    applicationName,
    poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT,
    // An idle connection that breaks must not end the process.
    poolErrorHandler: (error: Error) => log.warn(`An idle connection broke: ${error.message}`),
    // Statements that are not waited for travel together (https://node-postgres.com/features/pipelining).
    extra: {
      ...{ query_timeout: ANSWER_TIMEOUT, keepAlive: true, idleTimeoutMillis: 30_000, pipeline: true },
      namedStatements,
    },
    installExtensions: false,
    entities: [],
    synchronize: false,
  };
}
