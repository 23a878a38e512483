import { on } from '../../bench/stage/databases.mjs';

/** What happens in the servers themselves. Breaking one down is for those that are this run's own. */
export const SERVER_FAULTS = [
  {
    kind: 'database-sessions-terminated',
    weight: 3,
    needs: 'database',
    begin: async ({ inner, peers }) =>
      void (await on(inner.databases.serverUrl, (client) => client.query(TERMINATE, [`${peers.label}_`]))),
  },
  {
    kind: 'database-restart',
    weight: 3,
    needs: 'database',
    can: 'breakDown',
    holds: 'database',
    // Its recovery takes about so long; it comes back by itself.
    seconds: [3, 3],
    begin: ({ peers }) => void peers.database.breakDown(),
  },
  ...['broker', 'cache'].map((peer) => ({
    kind: `${peer}-restart`,
    weight: 2,
    needs: peer,
    can: 'breakDown',
    holds: peer,
    seconds: [1, 10],
    async begin({ peers }) {
      await peers[peer].breakDown();
      return () => peers[peer].comeBack();
    },
  })),
  {
    kind: 'cache-forgets',
    weight: 2,
    needs: 'cache',
    holds: 'cache',
    begin: async ({ peers }) => void (await peers.cache.forget()),
  },
];

const TERMINATE = `
  select pg_terminate_backend(pid) from pg_stat_activity where starts_with(datname, $1) and pid <> pg_backend_pid()`;
