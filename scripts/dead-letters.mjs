import { prepare } from './prepare.mjs';

/** `npm run dead-letters -- list | show <id> | replay <id>`. */
await prepare();
await import('../dist/apps/standalone/src/dead-letters.js');
