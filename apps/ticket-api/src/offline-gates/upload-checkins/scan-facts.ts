import type { TicketCode } from '@app/ticket-codes';
import type { GateRule } from '../../check-in/check-in.module.js';

/** A scan as its gate told it; times in milliseconds since 1970. */
export interface ToldScan {
  scanId: string;
  /** What the code says; nothing of one that is not proven to be ours. */
  code: TicketCode | 'another-event' | undefined;
  /** By the gate's clock. */
  scannedAt: number;
  deviceId: string;
  gate: string | null;
  direction: 'in' | 'out';
}

export interface KnownTicket {
  id: string;
  ticketTypeId: string;
  status: 'valid' | 'checked_in' | 'void' | 'frozen' | 'listed';
  holderVersion: number;
  createdAt: number;
  /** Of the entry that counts: the admission, or the last way back in. */
  checkedInAt: number | null;
  gate: string | null;
  leftAt: number | null;
}

/** What a row of the scan log says of somebody who went in or out. */
export interface LoggedScan {
  /** Of its row. */
  id: string;
  scanId: string | null;
  ticketId: string | null;
  result: 'admitted' | 'readmitted' | 'left' | 'conflict' | 'undone';
  reason: string | null;
  /** What was wrong with it, also if it counts. */
  remark: string | null;
  at: number;
  gate: string | null;
  deviceId: string | null;
  recordedAt: number;
  undoneAt: number | null;
}

/** Why a code admits nobody, though somebody was let in with it. */
export type Intrusion =
  | 'invalid-code'
  | 'wrong-event'
  | 'ticket-transferred'
  | 'ticket-void'
  | 'ticket-frozen'
  | 'ticket-listed'
  | 'device-revoked';

export const INTRUSIONS: ReadonlySet<string> = new Set<Intrusion>([
  'invalid-code',
  'wrong-event',
  'ticket-transferred',
  'ticket-void',
  'ticket-frozen',
  'ticket-listed',
  'device-revoked',
]);

export interface UploadFacts {
  /** By the database's clock. */
  now: number;
  /** By the gate's clock, if it said. */
  sentAt: number | undefined;
  reentryAllowed: boolean;
  gates: readonly GateRule[];
  generations: { oldest: number; current: number };
  tickets: readonly KnownTicket[];
  /** Whatever is logged of these tickets and under these scan ids, but refusals. */
  logged: readonly LoggedScan[];
  /** Of the devices that somebody registered. */
  devices: readonly { id: string; gate: string | null; revokedAt: number | null }[];
}
