const spec = 'apps/payment-service/src/refunds/record-refund/made-by-hand.spec.ts';
const ALREADY = "a refund that is asked for when part of the payment was given back in the provider's dashboard";

/** What somebody has given back in the provider's dashboard is part of what is asked for after it, and goes back once. */
export const lessenedRefunds = [
  {
    name: 'whole-refund-though-part-is-back',
    rule: 'the provider is asked for what is not back yet',
    file: 'apps/payment-service/src/refunds/pay-refunds/claim-due-refunds.ts',
    from: "json_build_object('amount', r.amount - r.lessened,",
    to: "json_build_object('amount', r.amount,",
    spec,
    caughtBy: `${ALREADY} has that as a part, and the provider is asked for the rest`,
  },
  {
    name: 'part-that-is-back-is-not-looked-for',
    rule: 'a refund for which too little is left is looked for among what was given back by hand',
    file: 'apps/payment-service/src/refunds/request-refund/request-refund.ts',
    from: 'if (short.length === 0) return judged;',
    to: 'return judged;',
    spec,
    caughtBy: `${ALREADY} has that as a part, and the provider is asked for the rest`,
  },
  {
    name: 'refusal-is-the-last-word',
    rule: 'a refund that is refused because of one made by hand is lessened by it',
    file: 'apps/payment-service/src/refunds/pay-refunds/pay-refunds.ts',
    from: 'if (isRefused && (await this.lessen.lessen(due))) return this.wake();',
    to: '',
    spec,
    caughtBy: `${ALREADY} and the news of it are late: every cent goes back once`,
  },
  {
    name: 'more-is-asked-than-explained',
    rule: 'what refunds made by hand do not explain is not given back',
    file: 'apps/payment-service/src/refunds/request-refund/request-refund.ts',
    from: 'if (open > 0 || payment',
    to: 'if (payment',
    spec,
    caughtBy: `${ALREADY} fails when that does not explain what is missing`,
  },
  {
    name: 'retry-asks-for-what-is-back',
    rule: 'a retry is made for the rest',
    file: 'apps/payment-service/src/refunds/refund-progress.ts',
    from: 'const lessened = await this.refunds.lessen(refund.id, parts);',
    to: 'const lessened = refund;',
    spec,
    caughtBy: `${ALREADY} is made for the rest when a person has it tried again`,
  },
  {
    name: 'part-is-counted-twice',
    rule: 'ticket-api is told what it was told before',
    file: 'apps/payment-service/src/refunds/refund-progress.ts',
    from: "if (status === 'succeeded') await this.tellRefunded(refund, refund.covered);",
    to: "if (status === 'succeeded') await this.tellRefunded(refund, 0);",
    spec,
    caughtBy: `${ALREADY} has that as a part, and the provider is asked for the rest`,
  },
  {
    name: 'failure-heard-first-is-forgotten',
    rule: 'of a refund made by hand the failure counts though it is heard first',
    file: 'apps/payment-service/src/refunds/record-refund/record-refund.ts',
    from: 'if (!isAsked && (await this.byHand.hasFailed(paymentId, given.id))) return false;',
    to: '',
    spec,
    caughtBy:
      'hard case 10: of a refund made in the dashboard whose failure is heard before its success nothing is believed',
  },
  {
    name: 'failed-refund-by-hand-is-booked',
    rule: 'a refund made by hand that has failed is no refund',
    file: 'apps/payment-service/src/refunds/record-refund/record-refund.ts',
    from: "if (given.status === 'failed') return this.byHand.noteFailed(paymentId, given.id).then(() => true);",
    to: '',
    spec,
    caughtBy:
      'hard case 10: of a refund made in the dashboard whose failure is heard before its success nothing is believed',
  },
];
