import { Body, Controller } from '@nestjs/common';
import { FindApiKey, type FoundApiKey } from '@app/contracts';
import { InternalPost } from '@app/http';
import { ApiKeyStore } from '../api-key.store.js';
import { NoteUse } from '../note-use/note-use.js';

/** Asked by the gateway for each key that it has not asked for within the last seconds. */
@Controller()
export class FindApiKeyController {
  constructor(
    private readonly keys: ApiKeyStore,
    private readonly uses: NoteUse,
  ) {}

  @InternalPost('/internal/api-keys/find', { callers: ['api-gateway'], body: FindApiKey })
  async find(@Body() { hash }: FindApiKey): Promise<FoundApiKey> {
    const key = await this.keys.find(Buffer.from(hash, 'base64url'));
    if (key) this.uses.note(key.id);
    return { key };
  }
}
