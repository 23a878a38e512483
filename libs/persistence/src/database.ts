import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import { assertSafeRole } from './safe-role.js';
import { OpenTransaction, openTransaction, type Transaction } from './transaction.js';

interface Persons {
  userId?: string;
  userIds?: readonly string[];
}

interface Door extends Persons {
  door: string;
  tenantId?: string;
  readOnly?: boolean;
}

type Work<T> = (transaction: Transaction) => Promise<T>;

/**
 * The doors to a service's database. Row-level security judges every statement by what the door sets, so that a
 * forgotten `where` shows nothing of another tenant. There is no way to a row outside a door.
 */
@Injectable()
export class Database implements OnModuleInit, OnApplicationShutdown {
  constructor(@Inject(DataSource) private readonly source: DataSource) {}

  /** @throws when the login could step around row-level security. */
  async onModuleInit(): Promise<void> {
    await assertSafeRole(this.source);
  }

  /**
   * The tenant's door: read and write rows of one tenant. Joins an open transaction of the same tenant and refuses
   * another's, so that an effect, its inbox row and its outbox rows commit together.
   * `as.userId` opens the person's door too (SELECT only), for what that person has at other tenants; `as.userIds` that
   * of several people whose work shares the transaction, where a table's policy knows of such groups.
   */
  async asTenant<T>(tenantId: string, work: Work<T>, as: Persons = {}): Promise<T> {
    const open = openTransaction.getStore();
    if (!open) return this.run({ door: 'tenant', tenantId, userId: as.userId ?? '', userIds: as.userIds ?? [] }, work);
    if (open.tenantId !== tenantId)
      throw new Error(
        `A transaction of ${open.door} ${open.tenantId ?? ''} is open; tenant ${tenantId} needs its own.`,
      );
    if (as.userIds) throw new Error('A group opens its own transaction: finish the open one first.');
    if (as.userId) await open.query(`select set_config('app.user_id', $1, true)`, [as.userId]);
    return work(open);
  }

  /** The person's door: read what is one's own, at every tenant. Writing fails. */
  asPerson<T>(userId: string, work: Work<T>): Promise<T> {
    return this.read({ door: 'person', userId }, work);
  }

  /** The public's door: read what is published. Writing fails. */
  asPublic<T>(work: Work<T>): Promise<T> {
    return this.read({ door: 'public' }, work);
  }

  /** Cross-tenant jobs: the service's narrow job role, on the tables that its policies name. Opens its own transaction. */
  async asJob<T>(work: Work<T>): Promise<T> {
    if (openTransaction.getStore()) throw new Error('A job opens its own transaction: finish the open one first.');
    return this.run({ door: 'job' }, work);
  }

  /**
   * One statement with no door open: it sees no tenant's row, but may call the look-up functions that lead from an id to
   * its tenant. Inside a transaction it uses that one's connection.
   */
  async lookUp<Row>(sql: string, parameters: unknown[]): Promise<Row[]> {
    const open = openTransaction.getStore();
    return open ? open.query<Row>(sql, parameters) : ((await this.source.query(sql, parameters)) as Row[]);
  }

  /** The open transaction. @throws outside of one. */
  current(): Transaction {
    const open = openTransaction.getStore();
    if (!open) throw new Error('No transaction is open: go through one of the doors of Database.');
    return open;
  }

  /** Whether the database answers. */
  async isUp(): Promise<boolean> {
    return this.source.query('select 1').then(
      () => true,
      () => false,
    );
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }

  private read<T>(door: Door, work: Work<T>): Promise<T> {
    if (openTransaction.getStore())
      throw new Error(`The ${door.door}'s door opens its own transaction: finish the open one first.`);
    return this.run({ ...door, readOnly: true }, work);
  }

  private async run<T>(door: Door, work: Work<T>): Promise<T> {
    const runner = this.source.createQueryRunner();
    let broken: Error | undefined;
    let leave = () => {};
    try {
      const client = (await runner.connect()) as PoolClient;
      // Not waited for: the first statements of the work travel with them, and fail when one of them does.
      const isNamed =
        (this.source.options as { extra?: { namedStatements?: boolean } }).extra?.namedStatements !== false;
      const opened = open(client, door, isNamed);
      const transaction = new OpenTransaction(runner, client, door.door, door.tenantId ?? null, isNamed);
      client.on('error', transaction.lose);
      leave = () => client.off('error', transaction.lose);
      const done = openTransaction.run(transaction, async () => work(transaction));
      const [outcome, opening] = await Promise.allSettled([done, opened]);
      transaction.end();
      if (outcome.status === 'rejected' || opening.status === 'rejected') {
        await client.query('rollback').catch((failure: Error) => (broken = failure));
        // Behind a door that did not open every statement fails: the door's error says why.
        throw opening.status === 'rejected' ? opening.reason : (outcome as PromiseRejectedResult).reason;
      }
      const { command } = await client.query('commit');
      // PostgreSQL answers a commit of a failed transaction with ROLLBACK and no error.
      if (command !== 'COMMIT')
        throw new Error('The transaction had failed and was rolled back: an error inside it was swallowed.');
      for (const after of transaction.committed) after();
      return outcome.value;
    } finally {
      leave();
      if (broken) await discard(runner, broken);
      else await runner.release();
    }
  }
}

/** Begins, and sets what row-level security judges by. */
async function open(client: PoolClient, door: Door, isNamed: boolean): Promise<void> {
  const begun = client.query(door.readOnly ? 'begin read only' : 'begin');
  const set =
    door.door === 'job'
      ? client.query(`select set_config('role', current_database() || '_jobs', true)`)
      : client.query({
          name: isNamed ? 'open-door' : undefined,
          text: OPEN_DOOR,
          values: [door.tenantId ?? '', door.userId ?? '', (door.userIds ?? []).join(',')],
        });
  await Promise.all([begun, set]);
}

/** Takes the connection out of the pool: its state is unknown. */
const discard = (runner: QueryRunner, why: Error) =>
  (runner as unknown as { releasePostgresConnection(error: Error): Promise<void> }).releasePostgresConnection(why);

const OPEN_DOOR = `select set_config('app.tenant_id', $1, true), set_config('app.user_id', $2, true), set_config('app.user_ids', $3, true)`;
