import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { PLATFORM_TENANT } from '@app/contracts';
import { Database, OneAtATime } from '@app/persistence';
import { ErasureStore } from '../erasure.store.js';

const EVERY = 60_000;

/**
 * Messages and requests that were on their way when an account was erased may still write down what they know of the
 * person: for a day that goes again, within a minute.
 */
@Injectable()
export class FinishErasures implements BeforeApplicationShutdown {
  private readonly looks = new OneAtATime(() => this.look(), new Logger('Erasure'));

  constructor(
    private readonly database: Database,
    private readonly store: ErasureStore,
  ) {}

  @Interval(EVERY)
  wake(): void {
    this.looks.wake();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.looks.stop();
  }

  async look(): Promise<boolean> {
    const erased = await this.database.asJob((transaction) =>
      transaction.query<{ id: string }>(`select id from users where erased_at > now() - interval '1 day'`),
    );
    for (const { id } of erased) await this.database.asTenant(PLATFORM_TENANT, () => this.store.eraseTraces(id));
    return false;
  }
}
