import { Inject, Module } from '@nestjs/common';
import { Expander } from '../api/expander.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { CloseDispute } from './close-dispute/close-dispute.js';
import { findDispute, showDispute } from './dispute.store.js';
import { OpenDispute } from './open-dispute/open-dispute.js';
import { ReadDisputesController } from './read-disputes/read-disputes.controller.js';

export { assertNotChargedBack } from './dispute.store.js';

@Module({
  imports: [WebhooksModule],
  controllers: [ReadDisputesController],
  providers: [CloseDispute, OpenDispute],
})
export class DisputesModule {
  constructor(@Inject(Expander) expander: Expander) {
    expander.register('du', async (transaction, id) => showDispute(transaction, await findDispute(transaction, id)));
  }
}
