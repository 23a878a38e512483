import { Payments1767000000000 } from './1767000000000-payments.js';
import { Ledger1767000000001 } from './1767000000001-ledger.js';
import { WebhookEvents1767000000002 } from './1767000000002-webhook-events.js';
import { LookUps1767000000003 } from './1767000000003-look-ups.js';
import { Messaging1767000000004 } from './1767000000004-messaging.js';
import { EventTimezone1767000000005 } from './1767000000005-event-timezone.js';

export const migrations = [
  Payments1767000000000,
  Ledger1767000000001,
  WebhookEvents1767000000002,
  LookUps1767000000003,
  Messaging1767000000004,
  EventTimezone1767000000005,
];
