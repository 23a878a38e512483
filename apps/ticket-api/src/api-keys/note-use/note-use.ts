import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { ApiKeyStore } from '../api-key.store.js';

const EVERY_MS = 10_000;

/** When keys were last used, to the minute: written now and then for all of them, and no request waits for it. */
@Injectable()
export class NoteUse implements OnModuleDestroy {
  private readonly log = new Logger(NoteUse.name);
  private used = new Set<string>();

  constructor(private readonly keys: ApiKeyStore) {}

  note(keyId: string): void {
    this.used.add(keyId);
  }

  @Interval(EVERY_MS)
  async write(): Promise<void> {
    if (this.used.size === 0) return;
    const ids = [...this.used];
    this.used = new Set();
    await this.keys.noteUse(ids).catch(() => {
      this.log.warn('the last use of keys could not be written');
      for (const id of ids) this.used.add(id);
    });
  }

  onModuleDestroy(): Promise<void> {
    return this.write();
  }
}
