import { Module } from '@nestjs/common';
import { ForgetKeys } from './forget-keys.js';
import { RecordedAnswers } from './recorded-answers.js';
import { RepeatableRequests } from './repeatable-requests.js';

/** `Idempotency-Key`: a request that is sent again gets the first answer again. */
@Module({
  providers: [RecordedAnswers, RepeatableRequests, ForgetKeys],
  exports: [RecordedAnswers, RepeatableRequests],
})
export class IdempotencyModule {}

export { inFlight, nameOf, RecordedAnswers, reused, type Answer, type CallersKey } from './recorded-answers.js';
export { RepeatableRequests } from './repeatable-requests.js';
export { answerWith, fingerprintOf, requestKey, type RequestKey } from './request-key.js';
