const tellers = 'libs/observability/src/security-events.ts';
const spec = 'libs/observability/src/security-events.spec.ts';

/** What happens at the doors is told, once, to whom watches; and nobody fills a disk by it. */
export const securityEvents = [
  {
    name: 'security-events-are-endless',
    rule: 'an attack fills no disk',
    file: tellers,
    from: 'if (window.told < this.most) return',
    to: 'if (true) return',
    spec,
    caughtBy: 'fills no disk: so many of a name in a minute, the others are counted and their number is told',
  },
  {
    name: 'left-out-events-are-not-told',
    rule: 'what was left out is known by its number',
    file: tellers,
    from: 'if (leftOut > 0)',
    to: 'if (false)',
    spec,
    caughtBy: 'fills no disk: so many of a name in a minute, the others are counted and their number is told',
  },
  {
    name: 'rate-limit-is-told-each-time',
    rule: 'who asks too much is told once a minute',
    file: 'apps/api-gateway/src/rate-limits/rate-limit.guards.ts',
    from: 'if (isFirst) tell(name);',
    to: 'tell(name);',
    spec: 'apps/api-gateway/src/rate-limits/rate-limits.spec.ts',
    caughtBy: 'limits of an address stop what is too much, tell where one stands and when to come back',
  },
  {
    name: 'reuse-is-not-told',
    rule: 'two parties that hold one session are told',
    file: 'apps/ticket-api/src/identity/refresh-session/refresh-session.ts',
    from: "if (exchanged) this.security.tell('auth.refresh-token-reused', exchanged.reusedOf);",
    to: '',
    spec: 'apps/ticket-api/src/identity/sessions.spec.ts',
    caughtBy: 'tokens an old refresh token revokes the session, also for whoever has the newest one',
  },
  {
    name: 'late-refusal-is-not-told',
    rule: 'who is refused something by its rule is told',
    file: 'libs/auth/src/operation.guard.ts',
    from: 'return verdict instanceof Promise ? verdict.catch(tell) : verdict;',
    to: 'return verdict;',
    spec: 'libs/http/src/judgement.spec.ts',
    caughtBy: 'the order of judgement what the path names is authorised before the body is read',
  },
  {
    name: 'forged-identity-is-not-told',
    rule: 'who got past the gateway is told',
    file: 'libs/auth/src/operation.guard.ts',
    from: "this.security.tell('auth.identity-refused');",
    to: '',
    spec: 'libs/http/src/judgement.spec.ts',
    caughtBy: 'the order of judgement a credential that does not fit is refused even where none is needed',
  },
  {
    name: 'forged-token-is-not-told',
    rule: 'a token that does not fit is told',
    file: 'apps/api-gateway/src/authentication/authentication.guard.ts',
    from: "if (reason) this.security.tell('auth.access-token-refused', { reason });",
    to: '',
    spec: 'apps/api-gateway/src/authentication/authentication.spec.ts',
    caughtBy:
      'access tokens one that is signed by a stranger is refused: in the header everywhere, in the cookie where somebody is needed',
  },
];

const redaction = 'libs/observability/src/redaction.spec.ts';

/** What the log never holds, whoever's error says it. */
export const redactions = [
  {
    name: 'errors-are-logged-whole',
    rule: 'of an error only what is known to be no secret is logged',
    file: 'libs/observability/src/redaction.ts',
    from: 'for (const name of FACTS)',
    to: 'for (const name in error)',
    spec: redaction,
    caughtBy: 'an error of a library that keeps the request tells what is wrong and no secret',
  },
  {
    name: 'messages-are-logged-as-they-are',
    rule: 'a message made of an error holds no secret',
    file: 'libs/observability/src/logger.ts',
    from: 'hooks: { logMethod: withRedactedTexts },',
    to: '',
    spec: redaction,
    caughtBy: 'an error of an address that fetch does not take tells what is wrong and no secret',
  },
  {
    name: 'details-are-logged-as-they-are',
    rule: 'what is told beside a message holds no secret',
    file: 'libs/observability/src/logger.ts',
    from: 'details: redactAll,',
    to: '',
    spec: redaction,
    caughtBy: 'an error of an address that is none tells what is wrong and no secret',
  },
];
