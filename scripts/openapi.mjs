import { prepare } from './prepare.mjs';

/** `npm run openapi`: writes docs/openapi.json; with `-- --check` fails if the file differs from the code. */
await prepare();
await import('../dist/apps/api-gateway/src/write-openapi.js');
