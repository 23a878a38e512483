import { prepare } from './prepare.mjs';

/** `npm run dead-letters -- list | show <id> | replay <id>`. */
await prepare();
await import('../dist/programs/standalone/dead-letters.js');
