import { CABLE_FAULTS } from './cables.mjs';
import { PROCESS_FAULTS } from './processes.mjs';
import { PROVIDER_FAULTS } from './provider.mjs';
import { SERVER_FAULTS } from './servers.mjs';

/**
 * Every kind of fault. `weight`: how many of it are in a bag; `needs`: the peer that it happens to; `can`: what that peer
 * must be able to do; `holds`: what is not hit twice at once; `seconds`: how long it lasts, a moment if absent; `draw`:
 * its particulars; `begin` returns what undoes it.
 */
const KINDS = [...PROCESS_FAULTS, ...CABLE_FAULTS, ...SERVER_FAULTS, ...PROVIDER_FAULTS];

/** Those that may be done to these peers. */
export const kindsFor = (peers) =>
  KINDS.filter(({ needs, can }) => !needs || (peers[needs] && (!can || peers[needs][can])));
