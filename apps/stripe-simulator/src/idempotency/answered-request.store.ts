import type { Transaction } from '@app/persistence';

/** A request that was carried out under an Idempotency-Key, and its answer. */
export interface AnsweredRequest {
  key: string;
  method: string;
  path: string;
  parameters_digest: string;
  request_id: string;
  status: number;
  body: object;
}

/**
 * False while another transaction holds the key. The lock lives as long as its transaction, so that a killed process
 * leaves no key in use.
 */
export async function lockKey(transaction: Transaction, key: string): Promise<boolean> {
  const [lock] = await transaction.query<{ free: boolean }>(
    'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as free',
    [key],
  );
  return lock?.free === true;
}

export async function findAnswered(transaction: Transaction, key: string): Promise<AnsweredRequest | undefined> {
  const [answered] = await transaction.query<AnsweredRequest>(
    `select * from idempotent_request where key = $1 and created_at > now() - interval '24 hours'`,
    [key],
  );
  return answered;
}

/** Replaces what was kept under this key more than 24 hours ago. */
export async function keepAnswered(transaction: Transaction, answered: AnsweredRequest): Promise<void> {
  await transaction.execute('delete from idempotent_request where key = $1', [answered.key]);
  await transaction.execute(
    `insert into idempotent_request (key, method, path, parameters_digest, request_id, status, body)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      answered.key,
      answered.method,
      answered.path,
      answered.parameters_digest,
      answered.request_id,
      answered.status,
      JSON.stringify(answered.body),
    ],
  );
}

export const forgetAnswered = (transaction: Transaction): Promise<number> =>
  transaction.execute(`delete from idempotent_request where created_at <= now() - interval '24 hours'`);
