import { Identity1767000000000 } from './1767000000000-identity.js';
import { Catalogue1767000000001 } from './1767000000001-catalogue.js';
import { Orders1767000000002 } from './1767000000002-orders.js';
import { LookUps1767000000003 } from './1767000000003-look-ups.js';
import { GroupedReservations1767000000005 } from './1767000000005-grouped-reservations.js';
import { Messaging1767000000004 } from './1767000000004-messaging.js';
import { Disputes1767000000025 } from './1767000000025-disputes.js';
import { ProlongedHolds1767000000045 } from './1767000000045-prolonged-holds.js';
import { OrderSteps1767000000055 } from './1767000000055-order-steps.js';
import { Cancellations1767000000065 } from './1767000000065-cancellations.js';
import { RefundSequence1767000000075 } from './1767000000075-refund-sequence.js';
import { ProviderRefunds1767000000085 } from './1767000000085-provider-refunds.js';
import { CoveredRefunds1767000000086 } from './1767000000086-covered-refunds.js';

export const migrations = [
  Identity1767000000000,
  Catalogue1767000000001,
  Orders1767000000002,
  LookUps1767000000003,
  Messaging1767000000004,
  GroupedReservations1767000000005,
  Disputes1767000000025,
  ProlongedHolds1767000000045,
  OrderSteps1767000000055,
  Cancellations1767000000065,
  RefundSequence1767000000075,
  ProviderRefunds1767000000085,
  CoveredRefunds1767000000086,
];
