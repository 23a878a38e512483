import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { apiKeyHash, newApiKey } from '@app/auth';
import type { ApiKeyView, CreateApiKey } from '@app/contracts';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { v7 as uuidv7 } from 'uuid';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { ApiKeyStore } from '../api-key.store.js';
import { SealedKeys } from '../sealed-keys.js';

/** Keys of one organization that count at the same time. */
export const LIVE_KEYS = 50;

/** The answer as it is recorded: with the key sealed. */
export interface SealedApiKey {
  view: ApiKeyView;
  sealed: string;
}

export class CreateApiKeyCommand extends Command<SealedApiKey> {
  constructor(
    readonly tenantId: string,
    readonly userId: string,
    readonly given: CreateApiKey,
  ) {
    super();
  }
}

@CommandHandler(CreateApiKeyCommand)
export class CreateApiKeyHandler implements ICommandHandler<CreateApiKeyCommand> {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyStore,
    private readonly sealedKeys: SealedKeys,
    private readonly audit: AuditLog,
  ) {}

  /** @throws ProblemError `too-many-api-keys`. */
  execute({ tenantId, userId, given }: CreateApiKeyCommand): Promise<SealedApiKey> {
    return this.database.asTenant(tenantId, async () => {
      if ((await this.keys.countLive(tenantId)) >= LIVE_KEYS) throw new ProblemError('too-many-api-keys');
      const [id, key] = [uuidv7(), newApiKey()];
      const facts = { ...given, id, hash: apiKeyHash(key), last4: key.slice(-4), createdBy: userId };
      const view = await this.keys.add(tenantId, facts);
      const { scopes } = given;
      await this.audit.record({ action: 'api-key.created', target: { kind: 'api-key', id }, detail: { scopes } });
      return { view, sealed: this.sealedKeys.seal(id, key) };
    });
  }
}
