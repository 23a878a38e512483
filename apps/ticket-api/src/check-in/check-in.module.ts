import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { IdempotencyModule } from '@app/idempotency';
import { AuditLogModule } from '../audit-log/audit-log.module.js';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { TicketsModule } from '../tickets/tickets.module.js';
import { AdmitTicketController } from './admit-ticket/admit-ticket.controller.js';
import { AdmitTicketHandler } from './admit-ticket/admit-ticket.js';
import { AdmissionFeed } from './admissions/admission-feed.js';
import { AdmissionsController } from './admissions/admissions.controller.js';
import { CountAdmissions } from './admissions/count-admissions.js';
import { CheckInStore } from './check-in.store.js';
import { CheckOutTicketController } from './check-out/check-out-ticket.controller.js';
import { CheckOutTicketHandler } from './check-out/check-out-ticket.js';
import { ForgetRefusals } from './forget-refusals/forget-refusals.js';
import { ChangeGates } from './gates/change-gates.js';
import { GateStore } from './gates/gate.store.js';
import { GatesController } from './gates/gates.controller.js';
import { JudgedScan } from './judged-scan.js';
import { ListScansController } from './list-scans/list-scans.controller.js';
import { ReadScans } from './list-scans/read-scans.js';
import { ReadScan } from './read-scan.js';
import { ScanLog } from './scan-log/scan-log.js';
import { UndoAdmissionController } from './undo-admission/undo-admission.controller.js';
import { UndoAdmissionHandler } from './undo-admission/undo-admission.js';
import { UndoStore } from './undo-admission/undo.store.js';
import { ValidateTicketController } from './validate-ticket/validate-ticket.controller.js';

/** The gates: who comes in, who goes out, who was sent away, and what became of it. */
@Module({
  imports: [CqrsModule, AuthorizationModule, TicketsModule, AuditLogModule, IdempotencyModule],
  controllers: [
    AdmissionsController,
    AdmitTicketController,
    CheckOutTicketController,
    GatesController,
    ListScansController,
    UndoAdmissionController,
    ValidateTicketController,
  ],
  providers: [
    AdmissionFeed,
    CountAdmissions,
    AdmitTicketHandler,
    ChangeGates,
    CheckInStore,
    CheckOutTicketHandler,
    ForgetRefusals,
    GateStore,
    JudgedScan,
    ReadScan,
    ReadScans,
    ScanLog,
    UndoAdmissionHandler,
    UndoStore,
  ],
})
export class CheckInModule {}

export { gateKey, judgeGate, type GateRule } from './gates/gate.js';
