import { Controller, Query } from '@nestjs/common';
import { getAuditLog, type AuditLogQuery } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ReadAuditLog, type AuditLogPage } from './read-audit-log.js';

@Controller()
export class GetAuditLogController {
  constructor(private readonly log: ReadAuditLog) {}

  @Operation(getAuditLog)
  get(@Located() { tenantId }: Location, @Query() query: AuditLogQuery): Promise<AuditLogPage> {
    return this.log.page(tenantId, query);
  }
}
