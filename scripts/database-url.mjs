import { prepare } from './prepare.mjs';

/** `npm run -s database-url -- <service>`: the owner's login to its database, for psql. */
await prepare();
await import('../dist/programs/standalone/database-url.js');
