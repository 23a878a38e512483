import { startService } from '@app/http';
import { readConfig } from './config.js';
import { gateway } from './gateway.js';

await startService({ ...gateway, config: readConfig });
