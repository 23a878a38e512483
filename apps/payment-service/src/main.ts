import { startService } from '@app/http';
import { readConfig } from './config.js';
import { paymentService } from './payment-service.js';

await startService({ ...paymentService, config: readConfig });
