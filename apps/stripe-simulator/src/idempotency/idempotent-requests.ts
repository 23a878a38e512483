import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Transaction } from '@app/persistence';
import type { ApiCall } from '../api/api-call.js';
import { invalidRequest, StripeError } from '../api/stripe-error.js';
import { AccountDatabase } from '../database/account-database.js';
import { findAnswered, forgetAnswered, keepAnswered, lockKey, type AnsweredRequest } from './answered-request.store.js';
import { parametersDigest } from './parameters-digest.js';

type Work = (transaction: Transaction) => Promise<object>;

/**
 * Carries out each call once per Idempotency-Key: https://docs.stripe.com/api/idempotent_requests. The answer, also
 * one that is an error, is kept for 24 hours and commits with its effect. Parameters that are refused before anything
 * was tried are not kept.
 */
@Injectable()
export class IdempotentRequests {
  constructor(@Inject(AccountDatabase) private readonly database: AccountDatabase) {}

  /** @throws StripeError of the work, or 400 `idempotency_error`, or 409 `idempotency_key_in_use`. */
  async answer(call: ApiCall, work: Work): Promise<object> {
    const key = call.idempotencyKey;
    if (key === undefined) return this.database.transaction(work);
    if (key.length > 255) throw invalidRequest('Idempotency keys can be up to 255 characters long.');
    const { status, body } = await this.database.transaction(async (transaction) => {
      if (!(await lockKey(transaction, key))) throw keyInUse(key);
      const earlier = await findAnswered(transaction, key);
      return earlier ? replay(call, earlier) : carryOut(transaction, key, call, work);
    });
    if (status >= 400) throw new StripeError(status, (body as { error: StripeError['raw'] }).error);
    return body;
  }

  @Interval(10 * 60_000)
  async forgetOld(): Promise<void> {
    await this.database.transaction(forgetAnswered);
  }
}

/** A refusal takes back what the work wrote before it, and nothing else. */
async function carryOut(transaction: Transaction, key: string, call: ApiCall, work: Work): Promise<AnsweredRequest> {
  await transaction.execute('savepoint before_work');
  const answer = await work(transaction).then(
    (body) => ({ status: 200, body }),
    async (error: unknown) => {
      if (!(error instanceof StripeError)) throw error;
      await transaction.execute('rollback to savepoint before_work');
      return { status: error.status, body: error.toBody() };
    },
  );
  const { method, path, requestId } = call;
  const parameters_digest = parametersDigest(call.parameters);
  const answered = { key, method, path, parameters_digest, request_id: requestId, ...answer };
  await keepAnswered(transaction, answered);
  return answered;
}

/** The first answer again, if this is the first request again. */
function replay(call: ApiCall, earlier: AnsweredRequest): AnsweredRequest {
  if (earlier.method !== call.method || earlier.path !== call.path) {
    const endpoints = `('${call.path}' vs '${earlier.path}')`;
    throw reused(earlier.key, `for the same endpoint they were first used for ${endpoints}`);
  }
  if (earlier.parameters_digest !== parametersDigest(call.parameters)) {
    throw reused(earlier.key, 'with the same parameters they were first used with');
  }
  call.reply.header('Idempotent-Replayed', 'true').header('Original-Request', earlier.request_id);
  return earlier;
}

const reused = (key: string, rule: string) =>
  new StripeError(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used ${rule}. Try using a key other than '${key}' if you meant to execute a different request.`,
  });

const keyInUse = (key: string) =>
  new StripeError(409, {
    type: 'invalid_request_error',
    code: 'idempotency_key_in_use',
    message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
  });
