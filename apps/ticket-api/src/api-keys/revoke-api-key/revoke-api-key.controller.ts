import { Controller, Param } from '@nestjs/common';
import { revokeApiKey } from '@app/contracts';
import { Operation } from '@app/http';
import { SecurityEvents } from '@app/observability';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ApiKeyStore } from '../api-key.store.js';

@Controller()
export class RevokeApiKeyController {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyStore,
    private readonly audit: AuditLog,
    private readonly security: SecurityEvents,
  ) {}

  /** Again changes nothing. The gateway keeps what it heard of a key for four seconds at most. */
  @Operation(revokeApiKey)
  async revoke(@Located() { tenantId }: Location, @Param('keyId') keyId: string): Promise<void> {
    const isNews = await this.database.asTenant(tenantId, async () => {
      const revoked = await this.keys.revoke(keyId);
      if (revoked === undefined) throw notFound('The key');
      if (revoked) await this.audit.record({ action: 'api-key.revoked', target: { kind: 'api-key', id: keyId } });
      return revoked;
    });
    if (isNews) this.security.tell('api-key.revoked', { tenantId, keyId });
  }
}
