import { Identity1767000000000 } from './1767000000000-identity.js';
import { Catalogue1767000000001 } from './1767000000001-catalogue.js';
import { Orders1767000000002 } from './1767000000002-orders.js';
import { LookUps1767000000003 } from './1767000000003-look-ups.js';
import { Messaging1767000000004 } from './1767000000004-messaging.js';
import { GroupedReservations1767000000005 } from './1767000000005-grouped-reservations.js';
import { Disputes1767000000025 } from './1767000000025-disputes.js';
import { ProlongedHolds1767000000045 } from './1767000000045-prolonged-holds.js';
import { OrderSteps1767000000055 } from './1767000000055-order-steps.js';
import { Cancellations1767000000065 } from './1767000000065-cancellations.js';
import { RefundSequence1767000000075 } from './1767000000075-refund-sequence.js';
import { ProviderRefunds1767000000085 } from './1767000000085-provider-refunds.js';
import { CoveredRefunds1767000000086 } from './1767000000086-covered-refunds.js';
import { Sessions1767000000100 } from './1767000000100-sessions.js';
import { Passwords1767000000101 } from './1767000000101-passwords.js';
import { SecondFactors1767000000102 } from './1767000000102-second-factors.js';
import { ApiKeys1767000000110 } from './1767000000110-api-keys.js';
import { Suspensions1767000000120 } from './1767000000120-suspensions.js';
import { AuditLog1767000000130 } from './1767000000130-audit-log.js';
import { Erasure1767000000131 } from './1767000000131-erasure.js';
import { ExternalIdentities1767000000140 } from './1767000000140-external-identities.js';
import { Export1767000000150 } from './1767000000150-export.js';
import { LinkedIdentities1767000000160 } from './1767000000160-linked-identities.js';
import { FunctionsOfNobody1767000000170 } from './1767000000170-functions-of-nobody.js';
import { CodeGenerations1767000000180 } from './1767000000180-code-generations.js';
import { ScanLog1767000000190 } from './1767000000190-scan-log.js';
import { Gates1767000000191 } from './1767000000191-gates.js';
import { ReEntry1767000000192 } from './1767000000192-re-entry.js';
import { Transfers1767000000200 } from './1767000000200-transfers.js';
import { Terms1767000000210 } from './1767000000210-terms.js';
import { ToldChanges1767000000220 } from './1767000000220-told-changes.js';
import { Devices1767000000230 } from './1767000000230-devices.js';
import { ChangedTickets1767000000231 } from './1767000000231-changed-tickets.js';
import { ConflictingScans1767000000232 } from './1767000000232-conflicting-scans.js';
import { WaitingList1767000000240 } from './1767000000240-waiting-list.js';
import { Resale1767000000241 } from './1767000000241-resale.js';

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
  Sessions1767000000100,
  Passwords1767000000101,
  SecondFactors1767000000102,
  ApiKeys1767000000110,
  Suspensions1767000000120,
  AuditLog1767000000130,
  Erasure1767000000131,
  ExternalIdentities1767000000140,
  Export1767000000150,
  LinkedIdentities1767000000160,
  FunctionsOfNobody1767000000170,
  CodeGenerations1767000000180,
  ScanLog1767000000190,
  Gates1767000000191,
  ReEntry1767000000192,
  Transfers1767000000200,
  Terms1767000000210,
  ToldChanges1767000000220,
  Devices1767000000230,
  ChangedTickets1767000000231,
  ConflictingScans1767000000232,
  WaitingList1767000000240,
  Resale1767000000241,
];
