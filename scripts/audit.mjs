import { prepare } from './prepare.mjs';

/** `npm run audit -- [--at-rest] [--json]`; `--help` tells all. */
await prepare();
await import('../dist/programs/standalone/audit.js');
