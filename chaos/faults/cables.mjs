import { whole } from '../draw.mjs';

/** Milliseconds by which a slow line is slow, in each direction. */
const SLOWNESS = [20, 150];

/** What happens on the way to a server. @param away seconds for which it cannot be reached, as [from, to] */
const faultsOf = (peer, { away }) => [
  { kind: `${peer}-cut`, weight: 2, needs: peer, begin: ({ peers }) => void peers[peer].cable.cut() },
  {
    kind: `${peer}-away`,
    weight: 2,
    needs: peer,
    holds: peer,
    seconds: away,
    async begin({ peers }) {
      const { cable } = peers[peer];
      await cable.pull();
      return () => cable.plugIn();
    },
  },
  {
    kind: `${peer}-slow`,
    weight: 1,
    needs: peer,
    holds: peer,
    seconds: [3, 10],
    draw: (random) => ({ milliseconds: whole(random, SLOWNESS) }),
    begin({ peers }, { milliseconds }) {
      const { cable } = peers[peer];
      cable.delay(milliseconds);
      return () => cable.delay(0);
    },
  },
  {
    kind: `${peer}-silent`,
    weight: 1,
    needs: peer,
    holds: peer,
    seconds: [2, 12],
    begin({ peers }) {
      const { cable } = peers[peer];
      cable.freeze();
      return () => cable.thaw();
    },
  },
];

export const CABLE_FAULTS = [
  ...faultsOf('database', { away: [1, 8] }),
  ...faultsOf('broker', { away: [3, 30] }),
  ...faultsOf('cache', { away: [3, 20] }),
];
