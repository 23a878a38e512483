import { Controller, Inject } from '@nestjs/common';
import { orderRecheckRequested, type DataOf } from '@app/contracts';
import { OnMessage } from '@app/messaging';
import { Database } from '@app/persistence';
import { AskProvider } from '../ask-provider/ask-provider.js';
import { RecheckStore } from '../recheck.store.js';

@Controller()
export class RequestRecheckController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RecheckStore) private readonly rechecks: RecheckStore,
    @Inject(AskProvider) private readonly asking: AskProvider,
  ) {}

  /** An organizer thinks that an order waits in vain. */
  @OnMessage(orderRecheckRequested)
  async handle({ orderId }: DataOf<typeof orderRecheckRequested>): Promise<void> {
    await this.rechecks.request(orderId);
    this.database.current().afterCommit(() => this.asking.wake());
  }
}
