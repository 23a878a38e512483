import type { Transaction } from '@app/persistence';

type Table = 'payment_intent' | 'checkout_session' | 'charge' | 'refund' | 'dispute' | 'balance_transaction' | 'event';

/** node-postgres would send an array as a PostgreSQL array; the tables hold JSON. */
const parameter = (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value);

/** Inserts one row. Column names come from our code, never from a request. */
export async function insertRow<Row>(transaction: Transaction, table: Table, row: Partial<Row>): Promise<Row> {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`);
  const [stored] = await transaction.query<Row>(
    `insert into ${table} (${columns.join(', ')}) values (${places.join(', ')}) returning *`,
    Object.values(row).map(parameter),
  );
  return stored as Row;
}

/** Changes the row of that id, which must exist. */
export async function updateRow<Row>(
  transaction: Transaction,
  table: Table,
  id: string,
  changes: Partial<Row>,
): Promise<Row> {
  const assignments = Object.keys(changes).map((column, index) => `${column} = $${index + 2}`);
  const [stored] = await transaction.query<Row>(
    `update ${table} set ${assignments.join(', ')} where id = $1 returning *`,
    [id, ...Object.values(changes).map(parameter)],
  );
  if (stored === undefined) throw new Error(`${table} ${id} does not exist`);
  return stored;
}

/** `forUpdate` makes every other writer of this row wait until the transaction ends. */
export async function findRow<Row>(
  transaction: Transaction,
  table: Table,
  id: string,
  { forUpdate = false } = {},
): Promise<Row | undefined> {
  const [row] = await transaction.query<Row>(
    `select * from ${table} where id = $1${forUpdate ? ' for no key update' : ''}`,
    [id],
  );
  return row;
}
