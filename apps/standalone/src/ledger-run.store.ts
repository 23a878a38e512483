import pg from 'pg';

/** A comparison of payment-service's books with the provider's ledger. */
export interface LedgerRun {
  isOver: boolean;
  lookedAt: number;
}

/** What payment-service does once a day, asked for by its owner's login. */
export class LedgerRunStore {
  private constructor(private readonly client: pg.Client) {}

  /** @throws when the database cannot be reached */
  static async during<T>(url: string, work: (runs: LedgerRunStore) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return work(new LedgerRunStore(client)).finally(() => client.end());
  }

  /** Due now; it looks so many hours back. @returns its id */
  async begin(hours: number): Promise<string> {
    const [run] = await this.ask<{ id: string }>(BEGIN, [hours]);
    return run!.id;
  }

  async find(id: string): Promise<LedgerRun | undefined> {
    const [run] = await this.ask<LedgerRun>(FIND, [id]);
    return run;
  }

  /** What differs and could not be repaired, as a person has to look at it. */
  openDifferences(): Promise<object[]> {
    return this.ask(OPEN);
  }

  private async ask<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.client.query(sql, parameters)).rows as Row[];
  }
}

const BEGIN = `
  insert into reconciliation_runs (kind, window_from, window_to, step)
  values ('ledger', now() - make_interval(hours => $1), now(), 'charge') returning id`;

const FIND = `
  select finished_at is not null as "isOver", looked_at::int as "lookedAt" from reconciliation_runs where id = $1`;

const OPEN = `
  select kind, about, subject, order_id as "orderId", provider_amount::float8 as "atProvider",
         booked_amount::float8 as booked, coalesce(provider_currency, booked_currency) as currency
  from reconciliation_differences where repaired_at is null order by id`;
