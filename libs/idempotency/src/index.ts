export { ForgetKeys } from './forget-keys.js';
export { IdempotencyModule } from './idempotency.module.js';
export { inFlight, nameOf, RecordedAnswers, reused, type Answer, type CallersKey } from './recorded-answers.js';
export { RepeatableRequests } from './repeatable-requests.js';
export { answerWith, fingerprintOf, requestKey, type RequestKey } from './request-key.js';
