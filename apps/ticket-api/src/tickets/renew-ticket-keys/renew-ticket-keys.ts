import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Database } from '@app/persistence';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { CodeGenerationsStore } from '../code-generations.store.js';
import type { Generations } from '../ticket-codes.js';

export class RenewTicketKeysCommand {
  constructor(
    readonly tenantId: string,
    readonly eventId: string,
    readonly revokeEarlier: boolean,
  ) {}
}

/** A new key for an event's codes. Those that were handed out go on admitting unless they are revoked. */
@CommandHandler(RenewTicketKeysCommand)
export class RenewTicketKeysHandler implements ICommandHandler<RenewTicketKeysCommand> {
  constructor(
    private readonly database: Database,
    private readonly generations: CodeGenerationsStore,
    private readonly audit: AuditLog,
  ) {}

  execute({ tenantId, eventId, revokeEarlier }: RenewTicketKeysCommand): Promise<Generations> {
    return this.database.asTenant(tenantId, async () => {
      const generations = await this.generations.renew(eventId, revokeEarlier);
      await this.audit.record({
        action: 'event.ticket-keys-renewed',
        target: { kind: 'event', id: eventId },
        detail: { ...generations, revokeEarlier },
      });
      return generations;
    });
  }
}
