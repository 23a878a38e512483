import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import type { RequestKey } from './request-key.js';

export interface Answer<Body> {
  status: number;
  body: Body;
  replayed: boolean;
}

interface Recorded<Body> {
  fingerprint: Buffer;
  status: number;
  body: Body;
}

/**
 * `Idempotency-Key`: the record commits with the effect, so that a crash leaves neither or both. Only successes are
 * recorded; a refusal is judged anew.
 */
@Injectable()
export class RepeatableRequests {
  constructor(private readonly database: Database) {}

  /**
   * Answers with what was recorded for the key, or does the work and records its answer.
   * @throws 409 while the first request with this key runs; 422 when the key belongs to another request.
   */
  async answer<Body>(
    request: { tenantId: string; callerId: string; key: RequestKey | undefined; status: number },
    work: () => Promise<Body>,
  ): Promise<Answer<Body>> {
    return this.database.asTenant(
      request.tenantId,
      async (transaction) => {
        const { key, callerId, status } = request;
        if (!key) return { status, body: await work(), replayed: false };

        const [lock] = await transaction.query<{ free: boolean }>(
          `select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as free`,
          [`${callerId}:${key.key}`],
        );
        if (!lock?.free)
          throw new ProblemError(
            'idempotency-in-flight',
            'The first request with this key is still running. Ask again in a moment.',
          );

        // The person's door shows keys that this caller used at other tenants too.
        const [recorded] = await transaction.query<Recorded<Body>>(
          'select fingerprint, status, body from idempotency_keys where caller_id = $1 and key = $2',
          [callerId, key.key],
        );
        if (recorded) {
          if (!recorded.fingerprint.equals(key.fingerprint))
            throw new ProblemError(
              'idempotency-key-reused',
              'This key was used for another request. Take a new key for a new request.',
            );
          return { status: recorded.status, body: recorded.body, replayed: true };
        }
        const body = await work();
        await transaction.execute(
          `insert into idempotency_keys (tenant_id, caller_id, key, fingerprint, status, body) values ($1, $2, $3, $4, $5, $6)`,
          [request.tenantId, callerId, key.key, key.fingerprint, status, JSON.stringify(body)],
        );
        return { status, body, replayed: false };
      },
      { userId: request.callerId },
    );
  }
}
