import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import { RecordedAnswers, type Answer } from './recorded-answers.js';
import type { RequestKey } from './request-key.js';

/**
 * `Idempotency-Key`: the record commits with the effect, so that a crash leaves neither or both. Only successes are
 * recorded; a refusal is judged anew.
 */
@Injectable()
export class RepeatableRequests {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RecordedAnswers) private readonly recorded: RecordedAnswers,
  ) {}

  /**
   * Answers with what was recorded for the key, or does the work and records its answer.
   * @throws 409 while the first request with this key runs; 422 when the key belongs to another request.
   */
  async answer<Body>(
    request: { tenantId: string; callerId: string; key: RequestKey | undefined; status: number },
    work: () => Promise<Body>,
  ): Promise<Answer<Body>> {
    const { tenantId, callerId, status, key } = request;
    // The person's door shows keys that this caller used at other tenants too.
    return this.database.asTenant(
      tenantId,
      async () => {
        if (!key) return { status, body: await work(), replayed: false };
        const [known] = await this.recorded.recall<Body>([{ ...key, callerId }]);
        if (known !== 'new' && known) {
          if ('refusal' in known) throw known.refusal;
          return known.answer;
        }
        const body = await work();
        await this.recorded.record(tenantId, status, [{ ...key, callerId, body }]);
        return { status, body, replayed: false };
      },
      { userId: callerId },
    );
  }
}
