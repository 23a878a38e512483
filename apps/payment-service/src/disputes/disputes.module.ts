import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { DisputeStore } from './dispute.store.js';
import { RecordDispute } from './record-dispute/record-dispute.js';

export { DisputeStore } from './dispute.store.js';
export { RecordDispute } from './record-dispute/record-dispute.js';

@Module({
  imports: [LedgerModule, PaymentsModule],
  providers: [DisputeStore, RecordDispute],
  exports: [DisputeStore, RecordDispute],
})
export class DisputesModule {}
