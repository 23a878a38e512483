import { Module } from '@nestjs/common';
import { ForgetKeys } from './forget-keys.js';
import { RecordedAnswers } from './recorded-answers.js';
import { RepeatableRequests } from './repeatable-requests.js';

/**
 * `Idempotency-Key`: a request that is sent again gets the first answer again. The service's database has the table
 * `idempotency_keys`.
 */
@Module({
  providers: [RecordedAnswers, RepeatableRequests, ForgetKeys],
  exports: [RecordedAnswers, RepeatableRequests],
})
export class IdempotencyModule {}
