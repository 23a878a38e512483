import pg from 'pg';
import { currentTask, type Strike, type Task, type Tasks } from './tasks.js';
import type { VirtualClock } from './virtual-clock.js';

type Query = (...given: unknown[]) => Promise<pg.QueryResult>;

/** A connection of a service under simulation. */
interface Connection extends pg.Client {
  /** What its session takes for now. */
  told?: number;
  isInTransaction?: boolean;
  isCut?: boolean;
}

/**
 * Stands between the services and PostgreSQL: tells each session the time, and breaks a task's connection where its fault
 * strikes. The transaction is rolled back before the task hears of it, so that what happens next is certain.
 */
export class FaultyConnections {
  private readonly query = pg.Client.prototype.query as unknown as Query;
  private readonly connect = pg.Client.prototype.connect as unknown as (done?: (error?: Error) => void) => unknown;
  /** A defect that is planted: another text for a statement. */
  rewrite: (sql: string) => string = (sql) => sql;

  constructor(
    private readonly tasks: Tasks,
    private readonly clock: VirtualClock,
  ) {}

  install(): void {
    const { query, connect, tasks } = this;
    const statement = (client: Connection, given: unknown[], task: Task) => this.statement(client, given, task);
    Object.assign(pg.Client.prototype, {
      query(this: Connection, ...given: unknown[]) {
        const task = currentTask();
        return task ? statement(this, given, task) : query.apply(this, given);
      },
      connect(this: pg.Client, done?: (error?: Error) => void) {
        if (!currentTask() || !done) return connect.call(this, done);
        tasks.begin();
        return connect.call(this, (error) => {
          tasks.end();
          done(error);
        });
      },
    });
  }

  uninstall(): void {
    Object.assign(pg.Client.prototype, { query: this.query, connect: this.connect });
  }

  private async statement(client: Connection, given: unknown[], task: Task): Promise<unknown> {
    const command = textOf(given[0]).toLowerCase();
    // Its process is gone; the connection goes to the next one, clean.
    if (task.isDead) return command === 'rollback' ? { command: 'ROLLBACK' } : broken();
    if (client.isCut) return broken();
    if (!client.isInTransaction) this.tell(client);
    if (command.startsWith('begin')) client.isInTransaction = true;
    const strike = task.next();
    if (strike?.side === 'before') return this.break(client, task, strike);
    const answer = this.tasks.follow(this.query.apply(client, this.rewritten(given)));
    if (command === 'commit' || command === 'rollback') client.isInTransaction = false;
    const result = await answer;
    return strike ? this.break(client, task, strike) : inOrder(result);
  }

  private async break(client: Connection, task: Task, { what }: Strike): Promise<never> {
    if (what === 'die') task.isDead = true;
    else client.isCut = true;
    await this.tasks.follow(this.query.call(client, 'rollback'));
    client.isInTransaction = false;
    // As pg notes it when a socket breaks: the pool takes no such connection back.
    if (what === 'cut') Object.assign(client, { _queryable: false });
    return broken();
  }

  private tell(client: Connection): void {
    if (client.told === this.clock.now) return;
    client.told = this.clock.now;
    this.query.call(client, `set simulation.now = '${this.clock.iso}'`).catch(() => undefined);
  }

  private rewritten([config, ...rest]: unknown[]): unknown[] {
    if (typeof config === 'string') return [this.rewrite(config), ...rest];
    const { text, ...others } = config as { text: string; name?: string };
    return [{ ...others, text: this.rewrite(text) }, ...rest];
  }
}

const textOf = (config: unknown): string => (typeof config === 'string' ? config : (config as { text: string }).text);

function broken(): never {
  throw new Error('Connection terminated unexpectedly');
}

/** `update … returning` promises no order of rows: here they come in that of their ids, which is that of their making. */
function inOrder(result: pg.QueryResult): pg.QueryResult {
  const [first] = (result.rows ?? []) as Record<string, unknown>[];
  const id = ['paymentId', 'refundId', 'id'].find((name) => typeof first?.[name] === 'string');
  if (id && result.command === 'UPDATE') result.rows.sort((a, b) => (String(a[id]) < String(b[id]) ? -1 : 1));
  return result;
}
