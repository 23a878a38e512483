import { prepare } from './prepare.mjs';

/** `npm run reconcile`: the daily comparison of the books with the provider's ledger, now; `--help` tells all. */
await prepare();
await import('../dist/programs/standalone/reconcile.js');
