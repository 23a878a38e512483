import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import { CONFIG, type Config } from '../../config.js';
import { checkoutAddresses } from '../open-checkout/checkout-link.js';
import { OwedOrderStore } from '../owed-order.store.js';
import type { PaymentStatus } from '../payment.js';
import { overPage, returnPage } from './return-page.js';

export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Pages that say how an order's payment stands. */
@Injectable()
export class StandingPages {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(OwedOrderStore) private readonly orders: OwedOrderStore,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** For a buyer who comes back from the provider. */
  async afterCheckout(orderId: string, outcome?: 'success'): Promise<string> {
    const { publicUrl, checkoutLinkSecret: secret } = this.config;
    const { checkoutUrl } = checkoutAddresses(orderId, { publicUrl, secret });
    return returnPage(await this.statuses(orderId), { checkoutUrl, outcome });
  }

  /** For one who wants to pay what is not to be paid any more. */
  async whenOver(orderId: string): Promise<string> {
    return overPage(await this.statuses(orderId), `${this.config.publicUrl}/api/v1/orders/${orderId}`);
  }

  private async statuses(orderId: string): Promise<PaymentStatus[]> {
    const tenantId = await this.orders.locate(orderId);
    if (!tenantId) return [];
    const rows = await this.database.asTenant(tenantId, (transaction) =>
      transaction.query<{ status: PaymentStatus }>('select status from payments where order_id = $1', [orderId]),
    );
    return rows.map(({ status }) => status);
  }
}
