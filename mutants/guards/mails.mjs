/** Each mail leaves, once as far as can be told. */
export const mails = [
  {
    name: 'old-mail-is-tried-for-ever',
    rule: 'a mail is given up after five days',
    file: 'apps/notification-service/src/mails/after-failure.ts',
    from: "if (ageSeconds > GIVE_UP_SECONDS) return { status: 'failed', refusals };",
    to: '',
    spec: 'apps/notification-service/src/mails/after-failure.spec.ts',
    caughtBy: 'a mail that did not leave is tried for five days while it is deferred, then given up',
  },
  {
    name: 'refused-mail-is-tried-for-ever',
    rule: 'a mail that is refused again and again is given up',
    file: 'apps/notification-service/src/mails/after-failure.ts',
    from: "if (delaySeconds === undefined) return { status: 'failed', refusals: refusals + 1 };",
    to: "if (delaySeconds === undefined) return { status: 'queued', refusals: refusals + 1, delaySeconds: 60 };",
    spec: 'apps/notification-service/src/mails/after-failure.spec.ts',
    caughtBy: 'is given up at the fifth refusal, hours after the first',
  },
  {
    name: 'all-mails-ask-an-absent-server',
    rule: 'one mail asks for a server that is away',
    file: 'apps/notification-service/src/mails/reachability.ts',
    from: 'return now >= this.notBefore ? 1 : 0;',
    to: 'return most;',
    spec: 'apps/notification-service/src/mails/reachability.spec.ts',
    caughtBy: 'lets one mail at a time ask for a server that was missed, after a pause',
  },
];
