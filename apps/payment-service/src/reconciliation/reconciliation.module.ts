import { Module } from '@nestjs/common';
import { OrganizersModule } from '../organizers/organizers.module.js';
import { StripeModule } from '../stripe/stripe.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { BooksStore } from './books.store.js';
import { DifferenceStore } from './difference.store.js';
import { GetReconciliationController } from './get-reconciliation/get-reconciliation.controller.js';
import { GetReconciliationHandler } from './get-reconciliation/get-reconciliation.js';
import { CompareMovements } from './reconcile-ledger/compare-movements.js';
import { ReconcileLedger } from './reconcile-ledger/reconcile-ledger.js';
import { RepairDifference } from './reconcile-ledger/repair-difference.js';
import { ReconcilePending } from './reconcile-pending/reconcile-pending.js';
import { ReconciliationMetrics } from './reconciliation-metrics.js';
import { RunStore } from './run.store.js';
import { UnclaimedDifferencesController } from './unclaimed-differences/unclaimed-differences.controller.js';
import { UnclaimedDifferences } from './unclaimed-differences/unclaimed-differences.store.js';

/** What we know of money, held against what the provider knows. */
@Module({
  imports: [OrganizersModule, StripeModule, WebhooksModule],
  controllers: [GetReconciliationController, UnclaimedDifferencesController],
  providers: [
    BooksStore,
    CompareMovements,
    DifferenceStore,
    GetReconciliationHandler,
    ReconcileLedger,
    ReconcilePending,
    ReconciliationMetrics,
    RepairDifference,
    RunStore,
    UnclaimedDifferences,
  ],
})
export class ReconciliationModule {}
