import { AsyncLocalStorage } from 'node:async_hooks';
import type { PoolClient } from 'pg';
import type { EntityManager, QueryRunner } from 'typeorm';

/**
 * What a piece of work may do inside its transaction. Statements run in the order in which they were started; those that
 * are started before the answer of an earlier one travel together. After one has failed all later ones fail.
 */
export interface Transaction {
  /** The tenant whose door is open, or null at the other doors. */
  readonly tenantId: string | null;
  /** TypeORM, on this transaction's connection. */
  readonly manager: EntityManager;
  /** Rows of a statement. Named statements are prepared once per connection (about twice as fast on hot paths), where the connection allows it. */
  query<Row>(sql: string, parameters?: unknown[], name?: string): Promise<Row[]>;
  /** Number of rows that a statement touched. */
  execute(sql: string, parameters?: unknown[], name?: string): Promise<number>;
  /** Runs after a successful commit, never after a rollback; must not throw. */
  afterCommit(work: () => void): void;
}

/** SQLSTATE in_failed_sql_transaction. */
const IN_FAILED_TRANSACTION = '25P02';

export const openTransaction = new AsyncLocalStorage<OpenTransaction>();

export class OpenTransaction implements Transaction {
  readonly committed: (() => void)[] = [];
  private readonly client: PoolClient;
  private hasEnded = false;
  private failure: unknown;
  private isLost = false;

  constructor(
    runner: QueryRunner,
    client: PoolClient,
    readonly door: string,
    readonly tenantId: string | null,
    private readonly isNamed = true,
  ) {
    this.client = client;
    this.manager = runner.manager;
  }

  readonly manager: EntityManager;

  async query<Row>(sql: string, parameters: unknown[] = [], name?: string): Promise<Row[]> {
    return (await this.sent(sql, parameters, name)).rows as Row[];
  }

  async execute(sql: string, parameters: unknown[] = [], name?: string): Promise<number> {
    return (await this.sent(sql, parameters, name)).rowCount ?? 0;
  }

  /** What was started and not waited for may come too late: the connection is another one's then. */
  end(): void {
    this.hasEnded = true;
  }

  /** Why the server ended the connection: the client itself only says of what follows that it cannot be sent. */
  readonly lose = (reason: Error): void => {
    this.failure ??= reason;
    this.isLost = true;
  };

  /** @throws for a statement that was refused because an earlier one had failed what that one failed with: it says why. */
  private async sent(text: string, values: unknown[], name: string | undefined) {
    if (this.hasEnded) throw new Error('The transaction has ended: wait for every statement inside of it.');
    try {
      return await this.client.query({ text, values, name: this.isNamed ? name : undefined });
    } catch (error) {
      this.failure ??= error;
      throw this.isLost || (error as { code?: unknown }).code === IN_FAILED_TRANSACTION ? this.failure : error;
    }
  }

  afterCommit(work: () => void): void {
    this.committed.push(work);
  }
}
