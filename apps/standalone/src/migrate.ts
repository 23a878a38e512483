import { migrateBroker } from '@app/messaging';
import { readBrokerPlan } from './config.js';

await migrateBroker(readBrokerPlan());
