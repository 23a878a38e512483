import { StripeObjects1767000000000 } from './1767000000000-stripe-objects.js';
import { Webhooks1767000000001 } from './1767000000001-webhooks.js';
import { CustomText1767000000002 } from './1767000000002-custom-text.js';
import { DeliveryFates1767000000010 } from './1767000000010-delivery-fates.js';
import { RefundTurns1767000000011 } from './1767000000011-refund-turns.js';
import { Disputes1767000000012 } from './1767000000012-disputes.js';

export const migrations = [
  StripeObjects1767000000000,
  Webhooks1767000000001,
  CustomText1767000000002,
  DeliveryFates1767000000010,
  RefundTurns1767000000011,
  Disputes1767000000012,
];
