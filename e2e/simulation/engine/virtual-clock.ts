import pg from 'pg';

/**
 * The one clock of a simulation, in epoch milliseconds. Databases follow it to the millisecond. The process's own clocks
 * (`Date.now`, `performance.now`) go wrong by `skew`: only the database's clock may decide anything (hard case 21).
 */
export class VirtualClock {
  private readonly dateNow = Date.now;
  private readonly performanceNow = performance.now;
  readonly began = Math.floor(this.dateNow() / 1000) * 1000;
  now = this.began;
  /** Milliseconds. */
  skew = 0;

  /** Puts it in the place of the process's clocks. */
  install(): void {
    Date.now = () => this.now + this.skew;
    performance.now = () => this.now - this.began;
  }

  uninstall(): void {
    Date.now = this.dateNow;
    performance.now = this.performanceNow;
  }

  advance(milliseconds: number): void {
    this.now += milliseconds;
  }

  get iso(): string {
    return new Date(this.now).toISOString();
  }
}

/** A session's time, if it was told one. What is decided "by chance" in SQL is not left to chance. */
const FUNCTIONS = `
  create function public.now() returns timestamptz language sql stable as
    $$ select coalesce(nullif(current_setting('simulation.now', true), '')::timestamptz, pg_catalog.now()) $$;
  create function public.clock_timestamp() returns timestamptz language sql stable as $$ select public.now() $$;
  create function public.random() returns float8 language sql stable as $$ select 0.5::float8 $$`;

/**
 * A database whose `now()` is the simulation's: the functions stand before PostgreSQL's own in the search path. To be made
 * before its migrations, so that the defaults of columns follow it too.
 */
export async function createTimelessDatabase(serverUrl: string, name: string): Promise<void> {
  const server = new pg.Client({ connectionString: serverUrl });
  await server.connect();
  try {
    await server.query(`create database ${pg.escapeIdentifier(name)}`);
    await server.query(`alter database ${pg.escapeIdentifier(name)} set search_path = public, pg_catalog`);
    // Nothing here outlives the run.
    await server.query(`alter database ${pg.escapeIdentifier(name)} set synchronous_commit = off`);
  } finally {
    await server.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const database = new pg.Client({ connectionString: url.href });
  await database.connect();
  try {
    await database.query(FUNCTIONS);
  } finally {
    await database.end();
  }
}

/** For the sessions that begin from now on, of whatever login. */
export const setTime = (name: string, { iso }: VirtualClock) =>
  `alter database ${pg.escapeIdentifier(name)} set simulation.now = '${iso}'`;
