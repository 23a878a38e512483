import { Inject, Injectable } from '@nestjs/common';
import { paymentUnavailable } from '@app/contracts';
import { Outbox } from '@app/messaging';
import { Database } from '@app/persistence';
import { OwedOrderStore } from '../owed-order.store.js';

/** Tells ticket-api, once per order, that a buyer could not pay because the provider is away (hard case 31). */
@Injectable()
export class UnavailableNotice {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(OwedOrderStore) private readonly orders: OwedOrderStore,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  async tell(tenantId: string, orderId: string): Promise<void> {
    await this.database.asTenant(tenantId, async () => {
      const noted = await this.orders.noteUnavailable(orderId);
      if (!noted) return;
      const { correlationId } = noted;
      await this.outbox.add(paymentUnavailable, { tenantId, correlationId, data: { orderId } });
    });
  }
}
