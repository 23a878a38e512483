const spec = 'apps/ticket-api/src/identity/sessions-of-mine.spec.ts';

/** A person's sessions: whose they are, and when they end. */
export const sessions = [
  {
    name: 'anybody-ends-a-session',
    rule: 'a session is ended by its person',
    file: 'apps/ticket-api/src/identity/session.store.ts',
    from: 'where id = $2 and user_id = $1 and revoked_at is null and expires_at > now()',
    to: 'where id = $2 and $1::uuid is not null and revoked_at is null and expires_at > now()',
    spec,
    caughtBy: "my sessions are mine alone: another's is not found, and goes on",
  },
  {
    name: 'ended-session-is-ended-again',
    rule: 'a session that has ended is not found',
    file: 'apps/ticket-api/src/identity/session.store.ts',
    from: 'where id = $2 and user_id = $1 and revoked_at is null and expires_at > now()',
    to: 'where id = $2 and user_id = $1 and expires_at > now()',
    spec,
    caughtBy: 'my sessions are ended one by one: refreshing is refused at once, and the gateway is told',
  },
  {
    name: 'everywhere-is-everybody',
    rule: 'signing out everywhere ends the own sessions',
    file: 'apps/ticket-api/src/identity/session.store.ts',
    from: 'where user_id = $1 and revoked_at is null and id::text',
    to: 'where $1::uuid is not null and revoked_at is null and id::text',
    spec,
    caughtBy: 'my sessions end all at once, this one too, and nobody elses',
  },
  {
    name: 'session-never-ends',
    rule: 'a session ends however often it is used',
    file: 'apps/ticket-api/src/identity/session.store.ts',
    from: 'least(ends_at, now() + make_interval(days => $4))',
    to: 'now() + make_interval(days => $4)',
    spec,
    caughtBy: 'my sessions end ninety days after the sign-in, however often they are used',
  },
  {
    name: 'ended-sessions-are-forgotten-at-once',
    rule: 'the gateway hears of sessions that ended',
    file: 'apps/ticket-api/src/identity/forget-ended/forget-ended.ts',
    from: `least(expires_at, revoked_at) < now() - interval '1 day'`,
    to: 'least(expires_at, revoked_at) < now()',
    spec,
    caughtBy: 'my sessions are forgotten a day after they have ended, and no sooner',
  },
  {
    name: 'client-writes-what-it-likes',
    rule: 'what a client calls itself is one readable line',
    file: 'apps/ticket-api/src/identity/client.ts',
    from: `given.replace(/\\p{C}/gu, ' ')`,
    to: 'given',
    spec: 'apps/ticket-api/src/identity/client.spec.ts',
    caughtBy: 'what a client calls itself is one readable line: "\\u0007 "',
  },
];
