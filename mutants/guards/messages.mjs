/** A message is sent with the state that it tells of, and has its effect once. */
export const messages = [
  {
    name: 'poison-is-tried-for-ever',
    rule: 'after its tries a message is a dead letter',
    file: 'libs/messaging/src/consumption/outcome.ts',
    from: 'const afterSeconds = delays[failures - 1];',
    to: 'const afterSeconds = delays[Math.min(failures, delays.length) - 1];',
    spec: 'libs/messaging/src/consumption/outcome.spec.ts',
    caughtBy: 'the configured delays follow one another, then the message is dead',
  },
];
