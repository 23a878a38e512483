import { migrateBroker } from '@app/messaging';
import { runMigration } from '@app/persistence';

await runMigration(migrateBroker);
