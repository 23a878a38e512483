import { StripeObjects1767000000000 } from './1767000000000-stripe-objects.js';
import { Webhooks1767000000001 } from './1767000000001-webhooks.js';
import { CustomText1767000000002 } from './1767000000002-custom-text.js';

export const migrations = [StripeObjects1767000000000, Webhooks1767000000001, CustomText1767000000002];
