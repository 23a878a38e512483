import { Controller, Param } from '@nestjs/common';
import { revokeDevice } from '@app/contracts';
import { Operation } from '@app/http';
import { SecurityEvents } from '@app/observability';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { DeviceStore } from '../device.store.js';

@Controller()
export class RevokeDeviceController {
  constructor(
    private readonly database: Database,
    private readonly devices: DeviceStore,
    private readonly audit: AuditLog,
    private readonly security: SecurityEvents,
  ) {}

  /** Again changes nothing. The gateway keeps what it heard of a key for four seconds at most. */
  @Operation(revokeDevice)
  async revoke(@Located() { tenantId }: Location, @Param('deviceId') deviceId: string): Promise<void> {
    const isNews = await this.database.asTenant(tenantId, async () => {
      const revoked = await this.devices.revoke(deviceId);
      if (revoked === undefined) throw notFound('The device');
      if (revoked) await this.audit.record({ action: 'device.revoked', target: { kind: 'device', id: deviceId } });
      return revoked;
    });
    if (isNews) this.security.tell('api-key.revoked', { tenantId, keyId: deviceId });
  }
}
