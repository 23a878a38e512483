import type { Transaction } from '@app/persistence';
import { noSuch } from './stripe-error.js';

/** One page of a list, newest first: https://docs.stripe.com/api/pagination */
export interface ListObject<Item> {
  object: 'list';
  url: string;
  has_more: boolean;
  data: Item[];
}

export interface PageParameters {
  limit: number;
  starting_after?: string | undefined;
  created?:
    | { gt?: number | undefined; gte?: number | undefined; lt?: number | undefined; lte?: number | undefined }
    | undefined;
}

interface Source {
  table: string;
  /** As Stripe calls such an object in messages. */
  kind: string;
  url: string;
  /** Column → value that it must have; undefined filters nothing. */
  filter: Record<string, string | string[] | undefined>;
}

/** @throws StripeError 404 when the object of `starting_after` does not exist. */
export async function listPage<Row, Item>(
  transaction: Transaction,
  { table, kind, url, filter }: Source,
  page: PageParameters,
  present: (row: Row) => Item,
): Promise<ListObject<Item>> {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const where = (condition: (place: string) => string, value: unknown) => {
    if (value === undefined) return;
    conditions.push(condition(`$${values.push(value)}`));
  };
  for (const [column, value] of Object.entries(filter)) {
    where((place) => (Array.isArray(value) ? `${column} = any(${place})` : `${column} = ${place}`), value);
  }
  for (const [name, operator] of Object.entries(OPERATORS)) {
    where((place) => `created ${operator} ${place}`, page.created?.[name as keyof typeof OPERATORS]);
  }
  where((place) => `seq < ${place}`, await seqOf(transaction, table, kind, page.starting_after));
  const rows = await transaction.query<Row>(
    `select * from ${table} where ${['true', ...conditions].join(' and ')} order by seq desc limit ${page.limit + 1}`,
    values,
  );
  return { object: 'list', url, has_more: rows.length > page.limit, data: rows.slice(0, page.limit).map(present) };
}

const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

async function seqOf(transaction: Transaction, table: string, kind: string, id?: string): Promise<number | undefined> {
  if (id === undefined) return undefined;
  const [row] = await transaction.query<{ seq: number }>(`select seq from ${table} where id = $1`, [id]);
  if (!row) throw noSuch(kind, id, 'starting_after');
  return row.seq;
}
