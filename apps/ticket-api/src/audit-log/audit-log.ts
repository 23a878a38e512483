import { Injectable } from '@nestjs/common';
import type { AuditAction } from '@app/contracts';
import { requestContext } from '@app/observability';
import { Database } from '@app/persistence';
import { v7 as uuidv7 } from 'uuid';

/** Who acts. An administrator is a person too, shown to organizers as the platform. */
export type Actor = { kind: 'person' | 'admin'; id: string } | { kind: 'key'; id: string; name: string };

export interface Deed {
  action: AuditAction;
  target: {
    kind:
      | 'organization'
      | 'person'
      | 'invitation'
      | 'api-key'
      | 'device'
      | 'event'
      | 'ticket-type'
      | 'gate'
      | 'ticket'
      | 'order'
      | 'refund';
    id: string;
  };
  /** Ids, amounts and states. No secret, no name and no free text: nothing of it can be taken back. */
  detail?: Readonly<Record<string, unknown>>;
}

/**
 * What is done with rights in an organization, written down in the transaction that does it: there is no deed without
 * its entry and no entry without its deed. Who was refused stands in the logs of the service, not here.
 */
@Injectable()
export class AuditLog {
  constructor(private readonly database: Database) {}

  /**
   * Adds an entry for the tenant whose transaction is open. `by` is the request's caller; a message's handler says who
   * acted.
   * @throws when nobody is known who acts
   */
  async record({ action, target, detail = {} }: Deed, by: Actor | undefined = callerOfRequest()): Promise<void> {
    if (!by) throw new Error(`Nobody is known who did ${action}.`);
    const context = requestContext.getStore();
    const transaction = this.database.current();
    await transaction.execute(
      `insert into audit_log_entries
         (id, tenant_id, action, actor_kind, actor_id, key_name, target_kind, target_id, detail, request_id, network)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...[uuidv7(), transaction.tenantId, action, by.kind, by.id, by.kind === 'key' ? by.name : null],
        ...[target.kind, target.id, JSON.stringify(detail), context?.requestId ?? null, context?.network?.() ?? null],
      ],
    );
  }
}

const callerOfRequest = (): Actor | undefined => requestContext.getStore()?.caller;
