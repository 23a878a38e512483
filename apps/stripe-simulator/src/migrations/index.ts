import { StripeObjects1767000000000 } from './1767000000000-stripe-objects.js';
import { Webhooks1767000000001 } from './1767000000001-webhooks.js';

export const migrations = [StripeObjects1767000000000, Webhooks1767000000001];
