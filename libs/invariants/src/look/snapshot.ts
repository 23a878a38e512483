import pg from 'pg';

/** Milliseconds. */
const CONNECT_LIMIT = 5_000;

/**
 * `row_security = off` makes a statement fail that row-level security would have shown a part only: rules that see nothing
 * would hold. Nobody waits for a lock, and no statement takes more than one core or a minute from a sale.
 */
const MODEST = `
  set local row_security = off;
  set local statement_timeout = '60s';
  set local lock_timeout = '1s';
  set local idle_in_transaction_session_timeout = '600s';
  set local max_parallel_workers_per_gather = 0;
  set local work_mem = '64MB';
  set local jit = off`;

/** One moment of a database, read-only: every statement sees the same rows, whatever is sold meanwhile. */
export class Snapshot {
  private constructor(private readonly client: pg.Client) {}

  /** @throws when the database cannot be reached */
  static async open(url: string): Promise<Snapshot> {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_LIMIT,
      application_name: 'audit',
    });
    client.on('error', () => undefined);
    await client.connect();
    const snapshot = new Snapshot(client);
    try {
      await client.query('begin isolation level repeatable read read only');
      await client.query(MODEST);
      // The first statement decides which moment it is.
      await client.query('select 1');
    } catch (error) {
      await snapshot.close();
      throw error;
    }
    return snapshot;
  }

  async rows<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.client.query(sql, parameters)).rows as Row[];
  }

  /** What fails inside ends no other look; settings made inside are undone. */
  async apart<T>(look: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    await this.client.query('savepoint apart');
    try {
      return await look(this);
    } finally {
      await this.client.query('rollback to savepoint apart');
    }
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
