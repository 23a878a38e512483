import { Payments1767000000000 } from './1767000000000-payments.js';
import { Ledger1767000000001 } from './1767000000001-ledger.js';
import { WebhookEvents1767000000002 } from './1767000000002-webhook-events.js';
import { LookUps1767000000003 } from './1767000000003-look-ups.js';
import { Messaging1767000000004 } from './1767000000004-messaging.js';
import { EventTimezone1767000000005 } from './1767000000005-event-timezone.js';
import { Disputes1767000000020 } from './1767000000020-disputes.js';
import { RefundCases1767000000021 } from './1767000000021-refund-cases.js';
import { Reconciliation1767000000030 } from './1767000000030-reconciliation.js';
import { ReconciledDisputes1767000000031 } from './1767000000031-reconciled-disputes.js';
import { ProlongedHolds1767000000040 } from './1767000000040-prolonged-holds.js';
import { Rechecks1767000000050 } from './1767000000050-rechecks.js';
import { PaymentAccounts1767000000060 } from './1767000000060-payment-accounts.js';
import { RefundsWithinPayment1767000000061 } from './1767000000061-refunds-within-payment.js';
import { RefundPace1767000000062 } from './1767000000062-refund-pace.js';
import { RefundSequence1767000000070 } from './1767000000070-refund-sequence.js';
import { PlatformAccountOnly1767000000071 } from './1767000000071-platform-account-only.js';
import { ComparedDisputes1767000000072 } from './1767000000072-compared-disputes.js';
import { Settlements1767000000080 } from './1767000000080-settlements.js';
import { FirstTry1767000000081 } from './1767000000081-first-try.js';
import { CoveredIsJudged1767000000082 } from './1767000000082-covered-is-judged.js';
import { LessenedRefunds1767000000083 } from './1767000000083-lessened-refunds.js';
import { Erasure1767000000130 } from './1767000000130-erasure.js';
import { DisputesOfPerson1767000000150 } from './1767000000150-disputes-of-person.js';
import { LookUpsMisledByNobody1767000000165 } from './1767000000165-look-ups-misled-by-nobody.js';
import { SettledDifferences1767000000166 } from './1767000000166-settled-differences.js';
import { FunctionsOfNobody1767000000170 } from './1767000000170-functions-of-nobody.js';

export const migrations = [
  Payments1767000000000,
  Ledger1767000000001,
  WebhookEvents1767000000002,
  LookUps1767000000003,
  Messaging1767000000004,
  EventTimezone1767000000005,
  Disputes1767000000020,
  RefundCases1767000000021,
  Reconciliation1767000000030,
  ReconciledDisputes1767000000031,
  ProlongedHolds1767000000040,
  Rechecks1767000000050,
  PaymentAccounts1767000000060,
  RefundsWithinPayment1767000000061,
  RefundPace1767000000062,
  RefundSequence1767000000070,
  PlatformAccountOnly1767000000071,
  ComparedDisputes1767000000072,
  Settlements1767000000080,
  FirstTry1767000000081,
  CoveredIsJudged1767000000082,
  LessenedRefunds1767000000083,
  Erasure1767000000130,
  DisputesOfPerson1767000000150,
  LookUpsMisledByNobody1767000000165,
  SettledDifferences1767000000166,
  FunctionsOfNobody1767000000170,
];
