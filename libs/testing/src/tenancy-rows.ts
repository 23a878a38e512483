import type { TenantTable } from '@app/invariants';
import pg from 'pg';
import type { DataSource } from 'typeorm';

export type Row = Readonly<Record<string, unknown>>;
/** Table → its row. */
export type Rows = Readonly<Record<string, Row>>;

const quote = pg.escapeIdentifier;
const INSUFFICIENT_PRIVILEGE = '42501';

/** What a statement did: rows (of a select: how many it counted), or the SQLSTATE of its refusal. */
type Outcome = { rows: number } | { refused: string };

/**
 * Statements with one tenant's door open, or with none (null), each in a transaction of its own that is undone.
 * The first one that fails ends a transaction, so each stands alone.
 */
export class RowsUnderTest {
  constructor(private readonly source: DataSource) {}

  /** Inserts a tenant's rows to stay. @throws when they do not fit. */
  async seed(tenantId: string, rows: Rows): Promise<void> {
    await this.inTransaction(tenantId, 'commit', async (run) => {
      for (const [table, row] of Object.entries(rows)) await run(...insert(table, row));
    });
  }

  /** What the doors of tenants let through at one table: own is a tenant with a row of its own, other is another's. */
  async judge(table: TenantTable, own: string, other: string, otherRow: Row, isPublished: boolean): Promise<string[]> {
    const { name, updatable } = table;
    const violations: string[] = [];
    const expectThat = (holds: boolean, sentence: string) => void (holds || violations.push(`${name}: ${sentence}`));
    const count = (tenantId: string | null, of: string) =>
      this.try(tenantId, `select count(*)::int as rows from ${quote(name)} where tenant_id = $1`, [of]);

    const [ownRows, otherRows, unset] = [await count(own, own), await count(own, other), await count(null, own)];
    // A table that its service may not read at all, such as the outbox, hides everything.
    expectThat(
      isRefused(ownRows) || rowsOf(ownRows) > 0,
      'a tenant does not see its own row, so the rest proves nothing',
    );
    if (isPublished) {
      expectThat(rowsOf(unset) > 0, 'is on the list of published tables, but shows nothing when nothing is set');
    } else {
      expectThat(isRefused(otherRows) || rowsOf(otherRows) === 0, "a tenant sees another's row");
      expectThat(isRefused(unset) || rowsOf(unset) === 0, 'rows are seen though nothing is set');
    }
    const forged = insert(name, otherRow);
    expectThat(isRefused(await this.try(own, ...forged)), "a tenant can insert another's row");
    expectThat(isRefused(await this.try(null, ...forged)), 'a row can be inserted though nothing is set');
    const removed = await this.try(own, `delete from ${quote(name)} where tenant_id = $1`, [other]);
    expectThat(isRefused(removed) || rowsOf(removed) === 0, "a tenant can delete another's row");
    if (updatable === null) return violations;
    const touch = `update ${quote(name)} set ${quote(updatable)} = ${quote(updatable)} where tenant_id = $1`;
    const touched = await this.try(own, touch, [other]);
    expectThat(isRefused(touched) || rowsOf(touched) === 0, "a tenant can update another's row");
    // Without a condition, which would have the new row judged by the policies for reading too.
    const given = await this.try(own, `update ${quote(name)} set tenant_id = $1`, [other]);
    expectThat(isRefused(given), 'a tenant can give its row to another');
    return violations;
  }

  private async try(tenantId: string | null, sql: string, parameters: unknown[]): Promise<Outcome> {
    try {
      return { rows: await this.inTransaction(tenantId, 'rollback', (run) => run(sql, parameters)) };
    } catch (error) {
      return { refused: (error as { code?: string }).code ?? String(error) };
    }
  }

  private async inTransaction<T>(
    tenantId: string | null,
    end: 'commit' | 'rollback',
    work: (run: (sql: string, parameters: unknown[]) => Promise<number>) => Promise<T>,
  ): Promise<T> {
    const runner = this.source.createQueryRunner();
    const client = (await runner.connect()) as pg.PoolClient;
    try {
      await client.query('begin');
      await client.query(`select set_config('app.tenant_id', $1, true)`, [tenantId ?? '']);
      const result = await work(async (sql, parameters) => {
        const { rows, rowCount } = await client.query<{ rows?: number }>(sql, parameters);
        return rows[0]?.rows ?? rowCount ?? 0;
      });
      await client.query(end);
      return result;
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      await runner.release();
    }
  }
}

/** Only a refusal for want of a right counts: that of a constraint says that the statement had come through the door. */
const isRefused = (outcome: Outcome) => 'refused' in outcome && outcome.refused === INSUFFICIENT_PRIVILEGE;
const rowsOf = (outcome: Outcome) => ('rows' in outcome ? outcome.rows : Number.NaN);

function insert(table: string, row: Row): [sql: string, parameters: unknown[]] {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`);
  return [
    `insert into ${quote(table)} (${columns.map(quote).join(', ')}) values (${places.join(', ')})`,
    Object.values(row),
  ];
}
