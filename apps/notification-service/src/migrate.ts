import { migrateMain } from '@app/persistence';
import { migrations } from './migrations/index.js';

await migrateMain(migrations);
