import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import type { RequestKey } from './request-key.js';

export interface Answer<Body> {
  status: number;
  body: Body;
  replayed: boolean;
}

/** A key in the hand of its caller. */
export interface CallersKey extends RequestKey {
  callerId: string;
}

/** What is known of a key: nothing yet, the first answer, or why this request may not have it. */
export type Recollection<Body> = 'new' | { answer: Answer<Body> } | { refusal: ProblemError };

interface Recorded<Body> {
  caller_id: string;
  key: string;
  fingerprint: Buffer;
  status: number;
  body: Body;
}

/**
 * The answers that keys got, inside the open transaction. Keys are locked until it ends, without waiting: of two
 * transactions with one key, the second is told that the first still runs.
 */
@Injectable()
export class RecordedAnswers {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** In the order of the keys, which differ from each other; two statements in one round trip, however many they are. */
  async recall<Body>(keys: readonly CallersKey[]): Promise<Recollection<Body>[]> {
    if (keys.length === 0) return [];
    const transaction = this.database.current();
    const [locks, rows] = await Promise.all([
      transaction.query<{ free: boolean }>(
        `select pg_try_advisory_xact_lock(hashtextextended(wanted.name, 0)) as free
         from unnest($1::text[]) with ordinality as wanted (name, position) order by position`,
        [keys.map(nameOf)],
        'lock-keys',
      ),
      // A statement of its own, so that it sees what was committed before the lock was free.
      transaction.query<Recorded<Body>>(
        `select k.caller_id, k.key, k.fingerprint, k.status, k.body from idempotency_keys k
         join unnest($1::uuid[], $2::text[]) as wanted (caller_id, key) on wanted.caller_id = k.caller_id and wanted.key = k.key`,
        [keys.map(({ callerId }) => callerId), keys.map(({ key }) => key)],
        'recall-answers',
      ),
    ]);
    const recorded = new Map(rows.map((row) => [nameOf({ callerId: row.caller_id, key: row.key }), row]));
    return keys.map((key, index) => {
      if (!locks[index]?.free) return { refusal: inFlight() };
      const found = recorded.get(nameOf(key));
      if (!found) return 'new';
      if (!found.fingerprint.equals(key.fingerprint)) return { refusal: reused() };
      return { answer: { status: found.status, body: found.body, replayed: true } };
    });
  }

  async record(tenantId: string, status: number, answers: readonly (CallersKey & { body: unknown })[]): Promise<void> {
    if (answers.length === 0) return;
    await this.database.current().query(
      `insert into idempotency_keys (tenant_id, caller_id, key, fingerprint, status, body)
       select $1, recorded.caller_id, recorded.key, recorded.fingerprint, $2, recorded.body
       from unnest($3::uuid[], $4::text[], $5::bytea[], $6::json[]) as recorded (caller_id, key, fingerprint, body)`,
      [
        tenantId,
        status,
        answers.map(({ callerId }) => callerId),
        answers.map(({ key }) => key),
        answers.map(({ fingerprint }) => fingerprint),
        answers.map(({ body }) => JSON.stringify(body)),
      ],
      'record-answers',
    );
  }
}

/** What makes a key the same key: caller and key. */
export const nameOf = ({ callerId, key }: Pick<CallersKey, 'callerId' | 'key'>): string => `${callerId}:${key}`;

export const inFlight = () =>
  new ProblemError('idempotency-in-flight', 'The first request with this key is still running. Ask again in a moment.');

export const reused = () =>
  new ProblemError(
    'idempotency-key-reused',
    'This key was used for another request. Take a new key for a new request.',
  );
