import { Module } from '@nestjs/common';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { AuditLog } from './audit-log.js';
import { ForgetNetworks } from './forget-networks/forget-networks.js';
import { GetAuditLogController } from './get-audit-log/get-audit-log.controller.js';
import { ReadAuditLog } from './get-audit-log/read-audit-log.js';

/** Writes down who did what with rights in an organization. */
@Module({ providers: [AuditLog], exports: [AuditLog] })
export class AuditLogModule {}

/** Shows it to those who look after the organization. */
@Module({
  imports: [AuthorizationModule],
  controllers: [GetAuditLogController],
  providers: [ReadAuditLog, ForgetNetworks],
})
export class AuditLogReadingModule {}

export { AuditLog } from './audit-log.js';
export { changesBetween, withoutTexts } from './changes.js';
