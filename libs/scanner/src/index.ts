export {
  judgeOffline,
  type FirstUse,
  type Movement,
  type OfflineRefusal,
  type OfflineVerdict,
} from './judge-offline.js';
export type { GateRules, KnownTicket, ManifestHead } from './manifest.js';
export { Platform, Refused, Unreachable, type PlatformOptions } from './platform.js';
export { Scanner, type ScannerOptions, type ScanResult, type SyncResult } from './scanner.js';
export { MemoryStore, type Kept, type KeptMovement, type ScannerStore } from './scanner-store.js';
export { TicketCodeReader, type ReadCode, type TicketCode, type TicketKey } from './ticket-code.js';
