import { Module } from '@nestjs/common';
import { IdempotencyModule } from '@app/idempotency';
import { AuditLogModule } from '../audit-log/audit-log.module.js';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { CONFIG, type Config } from '../config.js';
import { ApiKeyStore } from './api-key.store.js';
import { CreateApiKeyController } from './create-api-key/create-api-key.controller.js';
import { CreateApiKeyHandler } from './create-api-key/create-api-key.js';
import { FindApiKeyController } from './find-api-key/find-api-key.controller.js';
import { ListApiKeysController } from './list-api-keys/list-api-keys.controller.js';
import { NoteUse } from './note-use/note-use.js';
import { RevokeApiKeyController } from './revoke-api-key/revoke-api-key.controller.js';
import { SealedKeys } from './sealed-keys.js';

/** Keys with which software acts as its organization. */
@Module({
  imports: [AuthorizationModule, AuditLogModule, IdempotencyModule],
  controllers: [CreateApiKeyController, ListApiKeysController, RevokeApiKeyController, FindApiKeyController],
  exports: [ApiKeyStore, SealedKeys],
  providers: [
    CreateApiKeyHandler,
    ApiKeyStore,
    NoteUse,
    {
      provide: SealedKeys,
      inject: [CONFIG],
      useFactory: ({ accountSecretsKey }: Config) => new SealedKeys(accountSecretsKey),
    },
  ],
})
export class ApiKeysModule {}

export { ApiKeyStore } from './api-key.store.js';
export { SealedKeys } from './sealed-keys.js';
